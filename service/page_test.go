package service_test

import (
	"slices"
	"testing"

	"github.com/stepwell/stepwell/service"
)

func TestPage(t *testing.T) {
	list := []int{1, 2, 3, 4, 5}
	var pages [][]int
	two := int64(2)
	for token := ""; ; {
		page, next, ok := service.Page(list, token, &two, 3)
		if !ok {
			t.Fatalf("the token %q is refused", token)
		}
		pages = append(pages, page)
		if token = next; token == "" {
			break
		}
	}
	if want := [][]int{{1, 2}, {3, 4}, {5}}; !slices.EqualFunc(pages, want, slices.Equal) {
		t.Errorf("pages %v", pages)
	}
	if page, next, ok := service.Page(list, "", nil, 3); !ok || len(page) != 3 || next == "" {
		t.Errorf("the longest page: %v, %q", page, next)
	}
	_, token, _ := service.Page(list, "", nil, 4)
	if page, next, ok := service.Page(list[:2], token, nil, 4); !ok || len(page) != 0 || next != "" {
		t.Errorf("of a list that shrank: %v, %q, %t", page, next, ok)
	}
	for _, bad := range []string{"x", "!", "MA", "LTE"} { // no number; no base64; 0; -1
		if _, _, ok := service.Page(list, bad, nil, 3); ok {
			t.Errorf("the token %q is taken", bad)
		}
	}
}
