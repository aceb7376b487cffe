package bot

import (
	"fmt"
	"time"
)

// given are the orders for one repository.
type given []Order

// customize adds what people ordered to leave alone to what the configuration says.
func (g given) customize(inner Customize) Customize {
	if len(g) == 0 {
		return inner
	}
	return func(data []byte) (Custom, error) {
		custom, err := inner(data)
		if err != nil {
			return Custom{}, err
		}
		configured := custom.Policy.Left
		custom.Policy.Left = func(image string, now time.Time) (reason string, ok bool) {
			if configured != nil {
				if reason, ok = configured(image, now); ok {
					return reason, ok
				}
			}
			return g.left(custom.PullRequests, image, now)
		}
		return custom, nil
	}
}

// left says whether somebody ordered to leave an image alone, and why. An order names a branch, which stands for an image, or for all.
func (g given) left(settings PullRequests, image string, now time.Time) (reason string, ok bool) {
	names := Proposer{Settings: settings}
	for _, order := range g {
		if order.Kind != OrderIgnore || order.Over(now) || order.Branch != names.imageBranch(image) && order.Branch != names.wholeBranch() {
			continue
		}
		reason := fmt.Sprintf("left alone, as %s asked on #%d", order.By, order.Number)
		if !order.Until.IsZero() {
			reason += " until " + order.Until.Format(time.DateOnly)
		}
		if order.Reason != "" {
			reason += ": " + order.Reason
		}
		return reason, true
	}
	return "", false
}
