package s3rest

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// part is one uploaded part.
type part struct {
	number int
	etag   string
	size   int64
}

func (p part) name() string { return strconv.Itoa(p.number) + "-" + p.etag }

// write stores a part and takes away the one that had its number.
func (u upload) write(number int, body io.Reader) (etag string, err error) {
	draft := u.id + "/draft-" + uuid.NewString()
	etag, err = u.draft(draft, body)
	if err != nil {
		_ = u.root.Remove(draft)
		return "", err
	}
	before, err := u.parts()
	if err != nil {
		return "", err
	}
	if err := u.root.Rename(draft, u.id+"/"+part{number: number, etag: etag}.name()); err != nil {
		return "", err
	}
	for _, old := range before {
		if old.number == number && old.etag != etag {
			_ = u.root.Remove(u.id + "/" + old.name()) // what stays is only space
		}
	}
	return etag, nil
}

func (u upload) draft(name string, body io.Reader) (etag string, err error) {
	file, err := u.root.Create(name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	sum := md5.New()
	if _, err := io.Copy(io.MultiWriter(file, sum), body); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// parts lists what was uploaded.
func (u upload) parts() ([]part, error) {
	entries, err := fs.ReadDir(u.root.FS(), u.id)
	if err != nil {
		return nil, err
	}
	var all []part
	for _, entry := range entries {
		text, etag, _ := strings.Cut(entry.Name(), "-")
		number, err := strconv.Atoi(text)
		if err != nil { // a draft or the promise
			continue
		}
		if info, err := entry.Info(); err == nil {
			all = append(all, part{number, etag, info.Size()})
		}
	}
	return all, nil
}

// choose returns the files of the parts that a completion names.
func (u upload) choose(wanted completion) ([]string, error) {
	all, err := u.parts()
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, one := range all {
		there[one.name()] = true
	}
	var names []string
	for i, w := range wanted.Part {
		if i > 0 && w.PartNumber <= wanted.Part[i-1].PartNumber {
			return nil, refuse("InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
		}
		name := part{number: w.PartNumber, etag: strings.Trim(w.ETag, `"`)}.name()
		if !there[name] {
			return nil, refuse("InvalidPart", "One or more of the specified parts could not be found. "+
				"The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
		}
		names = append(names, u.id+"/"+name)
	}
	return names, nil
}

// parts reads files one behind the other, one open at a time.
type parts struct {
	root    *os.Root
	names   []string
	current *os.File
}

// Read reads the joined bytes.
func (p *parts) Read(buffer []byte) (int, error) {
	for {
		if p.current == nil {
			if len(p.names) == 0 {
				return 0, io.EOF
			}
			file, err := p.root.Open(p.names[0])
			if err != nil {
				return 0, err
			}
			p.current, p.names = file, p.names[1:]
		}
		n, err := p.current.Read(buffer)
		if err != io.EOF {
			return n, err
		}
		p.close()
		if n > 0 {
			return n, nil
		}
	}
}

func (p *parts) close() {
	if p.current != nil {
		_ = p.current.Close()
		p.current = nil
	}
}
