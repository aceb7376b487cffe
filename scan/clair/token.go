package clair

import (
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// tokenLife is short: a token is made for every request.
const tokenLife = 5 * time.Minute

// authorize signs a request with the pre-shared key, if there is one.
func (a *api) authorize(req *http.Request) error {
	if len(a.key) == 0 {
		return nil
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: a.key}, nil)
	if err != nil {
		return fmt.Errorf("use Clair's pre-shared key: %w", err)
	}
	now := a.now()
	token, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: a.issuer, IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(tokenLife)),
	}).Serialize()
	if err != nil {
		return fmt.Errorf("use Clair's pre-shared key: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	return nil
}
