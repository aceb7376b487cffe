package githubtest

import (
	"net/http"
	"slices"
	"time"
)

// reaction is an answer of one face.
type reaction struct {
	id      int64
	user    *account
	content string
	created time.Time
}

func reactionRoutes() []route {
	const path = "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions"
	return []route{
		{method: "GET", pattern: path, access: reads("issues", "pull_requests"), status: 200, handle: (*Server).listReactions},
		{method: "POST", pattern: path, access: writes("issues", "pull_requests"), status: 201, handle: (*Server).createReaction},
	}
}

func faces() []string {
	return []string{"+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"}
}

func (s *Server) listReactions(c *call) (any, error) {
	m, err := c.comment()
	if err != nil {
		return nil, err
	}
	return each(page(c, m.reactions), c.reaction), nil
}

type reactionRequest struct {
	Content string `json:"content"`
}

// createReaction answers 200, not 201, when the same one is there already.
func (s *Server) createReaction(c *call) (any, error) {
	m, err := c.comment()
	if err != nil {
		return nil, err
	}
	want, err := decode[reactionRequest](c)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(faces(), want.Content) {
		return nil, invalid(field("Reaction", "content", "invalid"))
	}
	for _, known := range m.reactions {
		if known.user == c.actor() && known.content == want.Content {
			return with{http.StatusOK, c.reaction(known)}, nil
		}
	}
	made := &reaction{id: s.nextID(), user: c.actor(), content: want.Content, created: c.at}
	m.reactions = append(m.reactions, made)
	return c.reaction(made), nil
}

func (v view) reaction(r *reaction) object {
	return object{
		"id": r.id, "node_id": nodeID("REA", r.id), "user": v.accountObject(r.user), "content": r.content, "created_at": stamp(r.created),
	}
}

// rollup counts reactions by face.
func (v view) rollup(address string, reactions []*reaction) object {
	o := object{"url": address, "total_count": len(reactions)}
	for _, face := range faces() {
		n := 0
		for _, r := range reactions {
			if r.content == face {
				n++
			}
		}
		o[face] = n
	}
	return o
}
