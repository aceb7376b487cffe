package bot

import "sync"

// Progress is told how far a stage is; what is the item just begun or done. It is called by one goroutine at a time.
type Progress func(stage string, done, total int, what string)

func (p Progress) report(stage string, done, total int, what string) {
	if p != nil {
		p(stage, done, total, what)
	}
}

// counter returns a function that concurrent workers call after each item.
func (p Progress) counter(stage string, total int) func(what string) {
	var mu sync.Mutex
	done := 0
	return func(what string) {
		mu.Lock()
		defer mu.Unlock()
		done++
		p.report(stage, done, total, what)
	}
}
