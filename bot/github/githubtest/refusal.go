package githubtest

import "net/http"

const documentation = "https://docs.github.com/rest"

// refusal is an answer that says no, in GitHub's words.
type refusal struct {
	status        int
	message       string
	errors        []object // of a 422
	documentation string   // overrides the general address
	url           string   // where a redirect leads
	header        http.Header
}

func (r *refusal) Error() string { return r.message }

func (r *refusal) body() object {
	body := object{"message": r.message, "documentation_url": documentation, "status": statusText(r.status)}
	if r.documentation != "" {
		body["documentation_url"] = r.documentation
	}
	if r.url != "" {
		body["url"] = r.url
	}
	if r.errors != nil {
		body["errors"] = r.errors
	}
	return body
}

func refuse(status int, message string) *refusal { return &refusal{status: status, message: message} }

var (
	errNotFound       = refuse(http.StatusNotFound, "Not Found")
	errBadCredentials = refuse(http.StatusUnauthorized, "Bad credentials")
	errRequiresAuth   = refuse(http.StatusUnauthorized, "Requires authentication")
	errNotAccessible  = refuse(http.StatusForbidden, "Resource not accessible by integration")
	errPersonAccess   = refuse(http.StatusForbidden, "Resource not accessible by personal access token")
	errArchived       = refuse(http.StatusForbidden, "Repository was archived so is read-only.")
	errEmpty          = refuse(http.StatusConflict, "Git Repository is empty.")
)

func unprocessable(message string) *refusal { return refuse(http.StatusUnprocessableEntity, message) }

// invalid is a 422 with errors[]; see field and custom.
func invalid(errors ...object) *refusal {
	return &refusal{status: http.StatusUnprocessableEntity, message: "Validation Failed", errors: errors}
}

// field is an errors[] entry about one field; code is missing_field, invalid, missing or already_exists.
func field(resource, name, code string) object {
	return object{"resource": resource, "field": name, "code": code}
}

// custom is an errors[] entry with words of its own.
func custom(resource, message string) object {
	return object{"resource": resource, "code": "custom", "message": message}
}
