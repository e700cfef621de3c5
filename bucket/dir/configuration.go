package dir

import (
	"context"
	"os"
	"path"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/bucket"
)

// Tell makes the store call a function behind every change that goes through it, before the one who made it has its answer.
// It is for the time before the first call: what other programs do to the folders is not told.
func (s *Store) Tell(changed func(context.Context, bucket.Change)) { s.told = append(s.told, changed) }

func (s *Store) tell(ctx context.Context, c bucket.Change) {
	c.Operation = bucket.OperationOf(ctx)
	for _, changed := range s.told {
		changed(ctx, c)
	}
}

// Describe replaces the attributes of an object.
func (s *Store) Describe(_ context.Context, name, key string, about bucket.Attributes) error {
	root, err := s.root(name)
	if err != nil {
		return err
	}
	defer root.Close()
	if _, err := stat(root, name, key); err != nil {
		return err
	}
	if err := writeAttributes(root, key, about); err != nil {
		return failed("write the attributes of", "s3://"+name+"/"+key, err)
	}
	return nil
}

// configurationFile is where a document about the bucket is.
func configurationFile(name string) string { return path.Join(private, "configuration", name) }

// Configuration returns a document about a bucket, nil when there is none.
func (s *Store) Configuration(_ context.Context, name, document string) ([]byte, error) {
	root, err := s.root(name)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	text, err := root.ReadFile(configurationFile(document))
	if absent(err) {
		return nil, nil
	}
	if err != nil {
		return nil, failed("read the configuration of", "s3://"+name, err)
	}
	return text, nil
}

// Configure keeps a document about a bucket; nil takes it away.
func (s *Store) Configure(_ context.Context, name, document string, text []byte) error {
	root, err := s.root(name)
	if err != nil {
		return err
	}
	defer root.Close()
	if text == nil {
		err = root.Remove(configurationFile(document))
		if absent(err) {
			return nil
		}
	} else {
		err = replaceFile(root, configurationFile(document), text)
	}
	if err != nil {
		return failed("write the configuration of", "s3://"+name, err)
	}
	return nil
}

// replaceFile writes a file so that readers see it whole.
func replaceFile(root *os.Root, file string, text []byte) error {
	if err := root.MkdirAll(path.Dir(file), 0o755); err != nil {
		return err
	}
	draft := private + "/part-" + uuid.NewString()
	if err := root.WriteFile(draft, text, 0o644); err != nil {
		_ = root.Remove(draft)
		return err
	}
	return root.Rename(draft, file)
}
