package service

import (
	"encoding/base64"
	"strconv"
)

// Page cuts one page out of a list: the token is empty for the first page, else what the page before answered as next.
// A nil limit or 0 stands for the longest page. Next is empty for the last page, and ok is false for a token that no
// page has answered.
func Page[T any](list []T, token string, limit *int64, longest int) (page []T, next string, ok bool) {
	from := 0
	if token != "" {
		text, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			return nil, "", false
		}
		if from, err = strconv.Atoi(string(text)); err != nil || from <= 0 {
			return nil, "", false
		}
	}
	if limit != nil && *limit > 0 {
		longest = min(longest, int(*limit))
	}
	list = list[min(from, len(list)):]
	if len(list) <= longest {
		return list, "", true
	}
	return list[:longest], base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(from + longest))), true
}
