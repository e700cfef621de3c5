package lambda

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

const (
	// maxUpload is the largest request, in bytes: 50 MB of code in base64, and what is around it.
	maxUpload = 70 << 20
	// maxZip is how large an archive can be, maxUnpacked what is in it, in bytes, and maxFiles how many files that are.
	maxZip      = 250 << 20
	maxUnpacked = 262_144_000
	maxFiles    = 50_000
)

func badZip(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(codeBadZip).Because(service.Detail{"Type": userError})
}

// archive returns the zip archive that a request has or names.
func (s *Service) archive(ctx context.Context, r *codeRequest) ([]byte, error) {
	switch {
	case r.ImageUri != "":
		return nil, unsupported("functions of container images are not supported")
	case r.ZipFile != nil:
		return r.ZipFile, nil
	case r.S3ObjectVersion != "":
		return nil, unsupported("versions of objects are not supported: leave S3ObjectVersion out")
	case r.S3Bucket == "" || r.S3Key == "":
		return nil, invalid("Please provide a source for function code.")
	case s.options.Object == nil:
		return nil, invalid("Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist")
	}
	object, err := s.options.Object(ctx, r.S3Bucket, r.S3Key)
	if err == nil {
		defer object.Close()
		var content []byte
		if content, err = io.ReadAll(io.LimitReader(object, maxZip+1)); err == nil && len(content) <= maxZip {
			return content, nil
		}
	}
	if err == nil {
		return nil, invalid("Unzipped size must be smaller than %d bytes", maxUnpacked)
	}
	return nil, invalid("Error occurred while GetObject. S3 Error Code: %s. S3 Error Message: s3://%s/%s: %v", fault.CodeOf(err), r.S3Bucket, r.S3Key, err)
}

// unpack gives a function the files of an archive. Each code has a folder of its own, so that processes of the old one go on.
func (s *Service) unpack(f *function, archive []byte) error {
	sum := sha256.Sum256(archive)
	code := path.Join(f.Name, hex.EncodeToString(sum[:])[:16])
	if err := unzip(archive, s.place(code)); err != nil {
		return err
	}
	f.Code, f.CodeSHA, f.CodeSize = code, encoded(sum[:]), int64(len(archive))
	return nil
}

// unzip writes the files of an archive into a new folder, which is there whole or not at all.
func unzip(archive []byte, folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil // the same code has been here before
	}
	reader, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return badZip("Could not unzip uploaded file. Please check your file, then try to upload again.")
	}
	if len(reader.File) > maxFiles {
		return invalid("the archive has %d files; %d are the most", len(reader.File), maxFiles)
	}
	parent := filepath.Dir(folder)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fault.New(fault.Unavailable, "make a folder for code").Because(err)
	}
	unfinished, err := os.MkdirTemp(parent, ".unzip-")
	if err != nil {
		return fault.New(fault.Unavailable, "make a folder for code").Because(err)
	}
	defer os.RemoveAll(unfinished)
	if err := extract(reader, unfinished); err != nil {
		return err
	}
	if err := os.Chmod(unfinished, 0o755); err != nil {
		return fault.New(fault.Unavailable, "write code").Because(err)
	}
	if err := os.Rename(unfinished, folder); err != nil {
		return fault.New(fault.Unavailable, "write code").Because(err)
	}
	return nil
}

// tidy removes code that functions had in former processes.
func (s *Service) tidy(ctx context.Context) error {
	all, err := s.functions.All(ctx)
	for _, f := range all {
		if err := s.tidyCode(ctx, f.Name); err != nil {
			return err
		}
	}
	return err
}

// extract writes the files of an archive. No name leads out of the folder: the root refuses that, through links too.
func extract(archive *zip.Reader, folder string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return fault.New(fault.Unavailable, "write code").Because(err)
	}
	defer root.Close()
	room := int64(maxUnpacked)
	for _, file := range archive.File {
		name := strings.TrimSuffix(file.Name, "/")
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return badZip("Could not unzip uploaded file: the name %q leads out of the archive.", file.Name)
		}
		written, err := extractOne(root, file, name, room)
		if err != nil {
			return badZip("Could not unzip uploaded file: %v.", err)
		}
		if room -= written; room < 0 {
			return invalid("Unzipped size must be smaller than %d bytes", maxUnpacked)
		}
	}
	return nil
}

func extractOne(root *os.Root, file *zip.File, name string, room int64) (int64, error) {
	if file.FileInfo().IsDir() {
		return 0, root.MkdirAll(name, 0o755)
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return 0, err
	}
	content, err := file.Open()
	if err != nil {
		return 0, err
	}
	defer content.Close()
	if file.Mode()&fs.ModeSymlink != 0 {
		target, err := io.ReadAll(io.LimitReader(content, 4096))
		if err != nil {
			return 0, err
		}
		return 0, root.Symlink(string(target), name)
	}
	into, err := root.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644|file.Mode().Perm()&0o111)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(into, io.LimitReader(content, room+1))
	if closing := into.Close(); err == nil {
		err = closing
	}
	return n, err
}

// passedOver are folders beside a function's code that are none of it.
var passedOver = map[string]bool{".git": true, ".stepwell": true, ".aws-sam": true, "__pycache__": true}

// pack makes an archive of a folder; a file that is one is taken as it is. The same files give the same archive.
func pack(place string) ([]byte, error) {
	about, err := os.Stat(place)
	if err != nil {
		return nil, fault.Invalidf("read the code in %s", place).Because(err)
	}
	if !about.IsDir() {
		return os.ReadFile(place)
	}
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	err = filepath.WalkDir(place, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && passedOver[entry.Name()]:
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		name, err := filepath.Rel(place, file)
		if err != nil {
			return err
		}
		return packOne(writer, file, filepath.ToSlash(name))
	})
	if err == nil {
		err = writer.Close()
	}
	if err != nil {
		return nil, fault.Invalidf("read the code in %s", place).Because(err)
	}
	return archive.Bytes(), nil
}

// CodeDigest tells the code in a file or folder from any other.
func CodeDigest(place string) (string, error) {
	archive, err := pack(place)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(archive)
	return hex.EncodeToString(sum[:16]), nil
}

func packOne(writer *zip.Writer, file, name string) error {
	about, err := os.Stat(file)
	if err != nil || !about.Mode().IsRegular() {
		return err
	}
	header := &zip.FileHeader{Name: name, Method: zip.Store}
	header.SetMode(about.Mode().Perm())
	into, err := writer.CreateHeader(header)
	if err != nil {
		return err
	}
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = io.Copy(into, content)
	return err
}

// inline is an archive of one file, as CloudFormation makes it of a template's text.
func inline(runtime, text string) ([]byte, error) {
	name := "index.py"
	if strings.HasPrefix(runtime, "nodejs") {
		name = "index.js"
	}
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	into, err := writer.Create(name)
	if err == nil {
		_, err = io.WriteString(into, text)
	}
	if err == nil {
		err = writer.Close()
	}
	return archive.Bytes(), err
}
