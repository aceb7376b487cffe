package githubtest

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

func blobRoutes() []route {
	return []route{
		{method: "GET", pattern: "/repos/{owner}/{repo}/git/blobs/{file_sha}", access: reads("contents"), status: 200, handle: (*Server).getBlob},
		{method: "POST", pattern: "/repos/{owner}/{repo}/git/blobs", access: writes("contents"), status: 201, handle: (*Server).createBlob},
	}
}

func (s *Server) getBlob(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	id, ok := parseID(c.vars["file_sha"])
	if !ok {
		return nil, unprocessable("The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
	}
	data, err := c.repo.git.blob(id)
	if err != nil {
		return nil, missing(err, errNotFound)
	}
	if c.accepts("raw") {
		return raw{http.StatusOK, "application/vnd.github.raw; charset=utf-8", data}, nil
	}
	return object{
		"sha": id.String(), "node_id": nodeID("B", c.repo.id) + id.String(), "url": c.gitURL(c.repo, "blobs", id),
		"size": len(data), "encoding": "base64", "content": wrapped(data),
	}, nil
}

// wrapped is base64 in lines of 60, each with its newline.
func wrapped(data []byte) string {
	const width = 60
	encoded := base64.StdEncoding.EncodeToString(data)
	var out strings.Builder
	for len(encoded) > 0 {
		n := min(width, len(encoded))
		out.WriteString(encoded[:n] + "\n")
		encoded = encoded[n:]
	}
	return out.String()
}

type blobRequest struct {
	Content  *string `json:"content"`
	Encoding string  `json:"encoding"`
}

func (s *Server) createBlob(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	want, err := decode[blobRequest](c)
	if err != nil {
		return nil, err
	}
	if want.Content == nil {
		return nil, unprocessable("Invalid request.\n\n\"content\" wasn't supplied.")
	}
	data := []byte(*want.Content)
	switch want.Encoding {
	case "", "utf-8":
	case "base64":
		if data, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(*want.Content, "\n", "")); err != nil {
			return nil, unprocessable("content is not valid Base64")
		}
	default:
		return nil, unprocessable("encoding must be one of 'utf-8' or 'base64'")
	}
	id, err := c.repo.git.putBlob(data)
	if err != nil {
		return nil, err
	}
	return object{"sha": id.String(), "url": c.gitURL(c.repo, "blobs", id)}, nil
}

// gitURL is the API address of a Git object.
func (v view) gitURL(repo *repository, kind string, id plumbing.Hash) string {
	return v.base + "/repos/" + repo.fullName() + "/git/" + kind + "/" + id.String()
}
