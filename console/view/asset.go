package view

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"path"
	"strings"
)

//go:embed asset
var assets embed.FS

var digests = digest()

// digest makes the names of assets change with their content, so that browsers may keep them for ever.
func digest() map[string]string {
	files, err := assets.ReadDir("asset")
	if err != nil {
		panic(err) // the files are part of the program
	}
	names := map[string]string{}
	for _, file := range files {
		sum := sha256.Sum256(readAsset(file.Name()))
		names[file.Name()] = hex.EncodeToString(sum[:6])
	}
	return names
}

func readAsset(name string) []byte {
	body, err := assets.ReadFile("asset/" + name)
	if err != nil {
		panic(err) // the files are part of the program
	}
	return body
}

// AssetPath is where assets are served.
const AssetPath = "/console/asset/"

// Asset is the address of a file that pages use.
func Asset(name string) string {
	extension := path.Ext(name)
	return AssetPath + strings.TrimSuffix(name, extension) + "." + digests[name] + extension
}

// FindAsset returns the file at an address that Asset gave.
func FindAsset(address string) (name string, body []byte, ok bool) {
	for name := range digests {
		if Asset(name) == address {
			return name, readAsset(name), true
		}
	}
	return "", nil, false
}
