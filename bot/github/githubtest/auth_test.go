package githubtest_test

import (
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"
	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

func TestJWT(t *testing.T) {
	t.Parallel()
	w := newLenientWorld(t)
	w.repository()
	now := w.clock.Now()
	at := func(offset time.Duration) *jwt.NumericDate { return jwt.NewNumericDate(now.Add(offset)) }
	issuer := strconv.Itoa(appID)
	for name, test := range map[string]struct {
		claims  jwt.RegisteredClaims
		key     any
		method  jwt.SigningMethod
		status  int
		message string
	}{
		"good": {claims: jwt.RegisteredClaims{Issuer: issuer, IssuedAt: at(-30 * time.Second), ExpiresAt: at(9 * time.Minute)}, status: 200},
		"expired": {
			claims: jwt.RegisteredClaims{Issuer: issuer, IssuedAt: at(-20 * time.Minute), ExpiresAt: at(-time.Second)}, status: 401,
			message: "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
		},
		"too long": {
			claims: jwt.RegisteredClaims{Issuer: issuer, IssuedAt: at(0), ExpiresAt: at(time.Hour)}, status: 401,
			message: "'Expiration time' claim ('exp') is too far in the future",
		},
		"from the future": {
			claims: jwt.RegisteredClaims{Issuer: issuer, IssuedAt: at(5 * time.Minute), ExpiresAt: at(6 * time.Minute)}, status: 401,
			message: "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
		},
		"unknown App": {
			claims: jwt.RegisteredClaims{Issuer: "7", IssuedAt: at(0), ExpiresAt: at(time.Minute)}, status: 404, message: "Integration not found",
		},
		"other algorithm": {
			claims: jwt.RegisteredClaims{Issuer: issuer, IssuedAt: at(0), ExpiresAt: at(time.Minute)}, status: 401,
			method: jwt.SigningMethodHS256, key: []byte("secret"), message: "A JSON web token could not be decoded",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.method == nil {
				test.method, test.key = jwt.SigningMethodRS256, w.key
			}
			signed := must(jwt.NewWithClaims(test.method, test.claims).SignedString(test.key))(t)
			_, _, err := w.with(signed).Apps.Get(t.Context(), "")
			expectRefusal(t, err, test.status, test.message)
		})
	}
}

// expectRefusal checks the status and the message that GitHub gave; 200 is no error.
func expectRefusal(t *testing.T, err error, status int, message string) *github.ErrorResponse {
	t.Helper()
	if status < 300 {
		if err != nil {
			t.Errorf("refused: %v", err)
		}
		return nil
	}
	refusal, ok := errors.AsType[*github.ErrorResponse](err)
	if !ok {
		t.Errorf("error %v (%T), want a refusal with %d", err, err, status)
		return nil
	}
	if refusal.Response.StatusCode != status || refusal.Message != message {
		t.Errorf("refused with %d %q, want %d %q", refusal.Response.StatusCode, refusal.Message, status, message)
	}
	return refusal
}

func TestInstallationToken(t *testing.T) {
	t.Parallel()
	w := newLenientWorld(t)
	ctx := t.Context()
	w.repository()
	must(w.AddRepository("acme/secret", githubtest.Files{"a": githubtest.Text("a")}, githubtest.RepositoryOptions{Private: true}))(t)
	id := w.AddInstallation("acme", "web", "secret")
	mint := func(options *github.InstallationTokenOptions) *github.InstallationToken {
		t.Helper()
		token, _, err := w.app().Apps.CreateInstallationToken(ctx, id, options)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	all := mint(nil)
	narrow := mint(&github.InstallationTokenOptions{
		Repositories: []string{"web"}, Permissions: &github.InstallationPermissions{Contents: github.String("read")},
	})
	if len(narrow.Repositories) != 1 || narrow.GetPermissions().GetContents() != "read" || narrow.GetPermissions().PullRequests != nil {
		t.Errorf("narrowed token: %v", narrow)
	}

	get := func(token, repo string) error {
		_, _, err := w.with(token).Repositories.Get(ctx, "acme", repo)
		return err
	}
	expectRefusal(t, get(all.GetToken(), "secret"), 200, "")
	expectRefusal(t, get(narrow.GetToken(), "web"), 200, "")
	expectRefusal(t, get(narrow.GetToken(), "secret"), 404, "Not Found")
	expectRefusal(t, get("", "secret"), 404, "Not Found")
	expectRefusal(t, get("ghs_wrong", "web"), 401, "Bad credentials")

	_, _, err := w.with(narrow.GetToken()).Git.CreateBlob(ctx, "acme", "web", &github.Blob{Content: github.String("x")})
	expectRefusal(t, err, 403, "Resource not accessible by integration")
	_, _, err = w.with("").Git.CreateBlob(ctx, "acme", "web", &github.Blob{Content: github.String("x")})
	expectRefusal(t, err, 401, "Requires authentication")
	_, _, err = w.with(all.GetToken()).Users.Get(ctx, "")
	expectRefusal(t, err, 403, "Resource not accessible by integration")

	_, _, err = w.app().Apps.CreateInstallationToken(ctx, id, &github.InstallationTokenOptions{Repositories: []string{"other"}})
	expectRefusal(t, err, 422, "There is at least one repository that does not exist or is not accessible to the parent installation.")
	_, _, err = w.app().Apps.CreateInstallationToken(ctx, id, &github.InstallationTokenOptions{
		Permissions: &github.InstallationPermissions{Administration: github.String("write")},
	})
	expectRefusal(t, err, 422, "The permissions requested are not granted to this installation.")

	w.clock.Advance(time.Hour)
	expectRefusal(t, get(all.GetToken(), "web"), 401, "Bad credentials")
}

func TestPersonalToken(t *testing.T) {
	t.Parallel()
	w := newLenientWorld(t)
	ctx := t.Context()
	w.repository()
	owner, other := w.with(w.AddToken("acme")), w.with(w.AddToken("stranger"))
	me, _, err := owner.Users.Get(ctx, "")
	if err != nil || me.GetLogin() != "acme" {
		t.Errorf("user: %v, %v", me, err)
	}
	mine, _, err := owner.Repositories.ListByAuthenticatedUser(ctx, nil)
	if err != nil || len(mine) != 1 || mine[0].GetFullName() != "acme/web" {
		t.Errorf("repositories: %v, %v", mine, err)
	}
	_, _, err = owner.Git.CreateBlob(ctx, "acme", "web", &github.Blob{Content: github.String("x")})
	expectRefusal(t, err, http.StatusOK, "")
	_, _, err = other.Git.CreateBlob(ctx, "acme", "web", &github.Blob{Content: github.String("x")})
	expectRefusal(t, err, 403, "Resource not accessible by personal access token")
	_, _, err = owner.Apps.ListRepos(ctx, nil)
	expectRefusal(t, err, 403, "You must authenticate with an installation access token in order to list repositories for an installation.")
}
