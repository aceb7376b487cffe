package resolver

import (
	"cmp"
	"context"
)

// Access is how somebody else reaches an image's repository. It holds credentials: it is passed by value, never logged.
type Access struct {
	Repository string // where to ask: the repository itself, or its place in a mirror
	Insecure   bool   // plain HTTP
	Private    bool   // the operator named this registry: it may be on a private address
	Username   string
	Password   string
	Token      string // a registry (bearer) or identity token, instead of name and password
}

// Access returns how the image is reached. It sends no request to the registry, but may run a credential helper; one that fails leaves
// the access anonymous, as it does for this client's own requests.
func (c *Client) Access(ctx context.Context, image string) (Access, error) {
	e, err := c.endpoint(image)
	if err != nil {
		return Access{}, explain(ctx, question{op: "reach", image: image}, e, err)
	}
	credentials, _ := c.credentials(ctx, e)
	a := Access{Repository: e.repo.Name(), Private: e.entry != nil, Insecure: e.entry != nil && e.entry.plain}
	if a.Token = cmp.Or(credentials.RegistryToken, credentials.IdentityToken); a.Token == "" {
		a.Username, a.Password = credentials.Username, credentials.Password
	}
	return a, nil
}
