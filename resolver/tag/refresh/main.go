// Command refresh renews the release lines in a data file of package tag, from checkouts of the projects that keep them:
//
//	go run ./resolver/tag/refresh -file resolver/tag/lines.json -endoflife DIR -endoflife-date 2026-08-22 \
//	    -distro-info /usr/share/distro-info -distro-info-date 0.58+deb12u6
//
// Only the lines of products with a source are replaced, and the dates of the sources; everything else is kept by hand.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/basebump/basebump/resolver/tag"
)

// origin is a checkout and what its state is called.
type origin struct{ dir, date string }

func main() {
	file := flag.String("file", "resolver/tag/lines.json", "data file to renew")
	origins := map[string]*origin{"endoflife.date": {}, "distro-info-data": {}}
	flag.StringVar(&origins["endoflife.date"].dir, "endoflife", "", "checkout of endoflife.date")
	flag.StringVar(&origins["endoflife.date"].date, "endoflife-date", "", "day of its newest commit")
	flag.StringVar(&origins["distro-info-data"].dir, "distro-info", "/usr/share/distro-info", "folder with debian.csv and ubuntu.csv")
	flag.StringVar(&origins["distro-info-data"].date, "distro-info-date", "", "version of the package")
	flag.Parse()
	if err := renew(*file, origins); err != nil {
		fmt.Fprintln(os.Stderr, "refresh:", err)
		os.Exit(3)
	}
}

func renew(file string, origins map[string]*origin) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	data, err := tag.ReadData(raw)
	if err != nil {
		return err
	}
	for i := range data.Sources {
		if o := origins[data.Sources[i].Name]; o != nil {
			data.Sources[i].Date = o.date
		}
	}
	for _, product := range data.Products {
		if product.Source == "" {
			continue
		}
		if product.Lines, err = lines(product.Source, origins); err != nil {
			return fmt.Errorf("read lines of %s: %w", product.Name, err)
		}
	}
	out := render(data)
	if _, err := tag.ReadData(out); err != nil {
		return err
	}
	return os.WriteFile(file, out, 0o644)
}

func lines(source string, origins map[string]*origin) (found []tag.Line, err error) {
	name, page, _ := strings.Cut(source, ":")
	switch o := origins[name]; name {
	case "endoflife.date":
		found, err = endOfLife(filepath.Join(o.dir, "products", page+".md"))
	case "distro-info-data":
		found, err = distroInfo(filepath.Join(o.dir, page+".csv"))
	default:
		return nil, fmt.Errorf("unknown source %q", source)
	}
	slices.SortStableFunc(found, func(a, b tag.Line) int { return compareVersions(b.Line, a.Line) })
	return found, err
}

func compareVersions(a, b string) int {
	numbers := func(s string) (list []int) {
		for part := range strings.SplitSeq(s, ".") {
			n, _ := strconv.Atoi(part) // what is no number comes last
			list = append(list, n)
		}
		return list
	}
	return slices.Compare(numbers(a), numbers(b))
}
