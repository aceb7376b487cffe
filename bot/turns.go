package bot

import (
	"strings"
	"sync"
	"time"
)

// Turns sees to it that one repository is worked on by one walk at a time: a visit that an event asked for, or a cycle. Nobody waits:
// who comes second goes on to something else. The zero Turns is ready; it is safe for concurrent use.
type Turns struct {
	mu    sync.Mutex
	turns map[string]turn // by lower-case full name
}

type turn struct {
	begun time.Time
	lasts bool
}

// Take begins a turn on OWNER/NAME, which done ends. It is refused while another turn lasts, and when one has begun after since: who
// reads a repository anew sees more than who listed the fleet at since.
func (t *Turns) Take(repository string, since, now time.Time) (done func(), ok bool) {
	key := strings.ToLower(repository)
	t.mu.Lock()
	defer t.mu.Unlock()
	if last := t.turns[key]; last.lasts || last.begun.After(since) {
		return nil, false
	}
	if t.turns == nil {
		t.turns = map[string]turn{}
	}
	t.turns[key] = turn{now, true}
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.turns[key] = turn{now, false}
	}, true
}
