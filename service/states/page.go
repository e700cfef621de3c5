package states

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// defaultPage is how many results a caller gets who names no number, or 0.
const defaultPage = 100

func pageSize(maxResults int64) int {
	if maxResults == 0 {
		return defaultPage
	}
	return int(maxResults)
}

const tokenPrefix = "after:"

// tokenFor makes the token of the page behind a key.
func tokenFor(key string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(tokenPrefix + key))
}

// keyIn returns the key in a token, empty for no token. Error: InvalidToken.
func keyIn(token string) (string, error) {
	if token == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	key, ok := strings.CutPrefix(string(text), tokenPrefix)
	if err != nil || !ok || key == "" {
		return "", invalidToken()
	}
	return key, nil
}

func invalidToken() error {
	return fault.Invalidf("Invalid Token: 'Invalid token'").WithCode("InvalidToken")
}

// cursorIn is keyIn for listings of the engine.
func cursorIn(token string) (int64, error) {
	key, err := keyIn(token)
	if err != nil || key == "" {
		return 0, err
	}
	cursor, err := strconv.ParseInt(key, 10, 64)
	if err != nil || cursor <= 0 {
		return 0, invalidToken()
	}
	return cursor, nil
}

// pageOf returns a part of a list that is in the order of its keys, and the token of the next part.
func pageOf[T any](all []T, keyOf func(T) string, token string, maxResults int64) (part []T, next string, err error) {
	after, err := keyIn(token)
	if err != nil {
		return nil, "", err
	}
	for len(all) > 0 && after != "" && keyOf(all[0]) <= after {
		all = all[1:]
	}
	if limit := pageSize(maxResults); len(all) > limit {
		return all[:limit], tokenFor(keyOf(all[limit-1])), nil
	}
	return all, "", nil
}
