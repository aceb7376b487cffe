package githubtest_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/basebump/basebump/bot/github/githubtest"
)

func ExampleServer() {
	hub := githubtest.New(githubtest.Options{})
	defer hub.Close()
	address, err := hub.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	repo, err := hub.AddRepository("acme/web", githubtest.Files{"Dockerfile": githubtest.Text("FROM debian:12\n")}, githubtest.RepositoryOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	hub.Inject(githubtest.Fault{Path: "/repos/acme/web", Times: 1, Status: http.StatusBadGateway})
	for range 2 {
		response, err := http.Get(address + "/repos/acme/web")
		if err != nil {
			fmt.Println(err)
			return
		}
		response.Body.Close()
		fmt.Println(response.Status)
	}
	fmt.Println(repo.Branches(), hub.Count("GET", "/repos/{owner}/{repo}"))
	// Output:
	// 502 Bad Gateway
	// 200 OK
	// [main] 2
}
