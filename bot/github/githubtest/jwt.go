package githubtest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v4"
)

const (
	longestJWT = 10 * time.Minute
	clockDrift = time.Minute
)

var errUndecodable = refuse(http.StatusUnauthorized, "A JSON web token could not be decoded")

// verifyJWT checks an App's self-signed token: RS256 by its own key, issued in the past, expiring within ten minutes.
func (s *Server) verifyJWT(value string, now time.Time) (*token, error) {
	var claims jwt.RegisteredClaims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithoutClaimsValidation())
	if _, _, err := parser.ParseUnverified(value, &claims); err != nil {
		return nil, errUndecodable
	}
	if s.app == nil || claims.Issuer != strconv.FormatInt(s.app.id, 10) && claims.Issuer != s.app.clientID {
		return nil, refuse(http.StatusNotFound, "Integration not found")
	}
	if _, err := parser.Parse(value, func(*jwt.Token) (any, error) { return s.app.key, nil }); err != nil {
		return nil, errUndecodable
	}
	switch {
	case claims.ExpiresAt == nil || !claims.ExpiresAt.After(now):
		return nil, refuse(http.StatusUnauthorized,
			"'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires")
	case claims.ExpiresAt.After(now.Add(longestJWT + clockDrift)):
		return nil, refuse(http.StatusUnauthorized, "'Expiration time' claim ('exp') is too far in the future")
	case claims.IssuedAt == nil || claims.IssuedAt.After(now.Add(clockDrift)):
		return nil, refuse(http.StatusUnauthorized,
			"'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
	}
	return &token{kind: appJWT, value: value, account: s.app.bot, bucket: "app ID " + claims.Issuer}, nil
}
