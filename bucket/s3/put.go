package s3

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/url"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/stepwell/stepwell/bucket"
)

const (
	// partSize is how many bytes the first parts of an object have. S3 takes 10,000 parts, so later ones are larger.
	partSize = 8 << 20
	// grow is the number of parts after which their size doubles.
	grow = 1000
	// uploads is how many parts of an object are under way at once.
	uploads = 3
)

// Put stores an object, in parts if it is large.
func (s *Store) Put(ctx context.Context, name, key string, body io.Reader, about bucket.Attributes) (bucket.Object, error) {
	p, err := s.object(name, key)
	if err != nil {
		return bucket.Object{}, err
	}
	first, last, err := part(body, partSize)
	if err != nil {
		return bucket.Object{}, err
	}
	object := bucket.Object{Key: key, Size: int64(len(first)), Attributes: about}
	if last {
		object.ETag, err = p.putWhole(ctx, key, first, about)
	} else {
		object.ETag, object.Size, err = p.putParts(ctx, key, first, body, about)
	}
	return object, err
}

// part reads the next part of a body; last says that nothing follows.
func part(body io.Reader, size int) (text []byte, last bool, err error) {
	var b bytes.Buffer
	n, err := io.CopyN(&b, body, int64(size))
	if err == io.EOF {
		err = nil
	}
	return b.Bytes(), n < int64(size), err
}

func encryption(about bucket.Attributes) (mode types.ServerSideEncryption, key *string) {
	if about.KMSKeyID == "" {
		return "", nil
	}
	return types.ServerSideEncryptionAwsKms, &about.KMSKeyID
}

func tagsOf(about bucket.Attributes) *string {
	if len(about.Tags) == 0 {
		return nil
	}
	tags := url.Values{}
	for key, value := range about.Tags {
		tags.Set(key, value)
	}
	text := tags.Encode()
	return &text
}

func typeOf(about bucket.Attributes) *string {
	if about.ContentType == "" {
		return nil
	}
	return &about.ContentType
}

func (p place) putWhole(ctx context.Context, key string, text []byte, about bucket.Attributes) (etag string, err error) {
	mode, kms := encryption(about)
	answer, err := p.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &p.bucket, Key: p.key(key), Body: bytes.NewReader(text),
		ContentType: typeOf(about), Metadata: about.Metadata, Tagging: tagsOf(about), ServerSideEncryption: mode, SSEKMSKeyId: kms})
	if err != nil {
		return "", p.failed(ctx, key, err)
	}
	return bare(answer.ETag), nil
}

// upload is an object on its way in parts.
type upload struct {
	place   place
	key     string
	id      *string
	ctx     context.Context
	fail    context.CancelCauseFunc
	running sync.WaitGroup
	slots   chan struct{}

	mu    sync.Mutex
	parts []types.CompletedPart
}

func (p place) putParts(ctx context.Context, key string, first []byte, rest io.Reader, about bucket.Attributes) (etag string, size int64, err error) {
	mode, kms := encryption(about)
	begun, err := p.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &p.bucket, Key: p.key(key),
		ContentType: typeOf(about), Metadata: about.Metadata, Tagging: tagsOf(about), ServerSideEncryption: mode, SSEKMSKeyId: kms})
	if err != nil {
		return "", 0, p.failed(ctx, key, err)
	}
	u := &upload{place: p, key: key, id: begun.UploadId, slots: make(chan struct{}, uploads)}
	u.ctx, u.fail = context.WithCancelCause(ctx)
	defer u.fail(nil)
	size, err = u.send(first, rest)
	u.running.Wait()
	if err == nil {
		err = context.Cause(u.ctx)
	}
	if err == nil {
		etag, err = u.complete()
	}
	if err != nil {
		return "", 0, u.abort(err)
	}
	return etag, size, nil
}

// send reads the body and lets its parts go, a few at once.
func (u *upload) send(text []byte, rest io.Reader) (size int64, err error) {
	last := false
	for number := int32(1); ; number++ {
		if len(text) > 0 {
			if err := u.begin(number, text); err != nil {
				return 0, err
			}
			size += int64(len(text))
		}
		if last {
			return size, nil
		}
		if text, last, err = part(rest, partSize<<(number/grow)); err != nil {
			return 0, err
		}
	}
}

// begin sends a part as soon as there is room for one.
func (u *upload) begin(number int32, text []byte) error {
	select {
	case u.slots <- struct{}{}:
	case <-u.ctx.Done():
		return context.Cause(u.ctx)
	}
	u.running.Go(func() {
		u.sendPart(number, text)
		<-u.slots
	})
	return nil
}

func (u *upload) sendPart(number int32, text []byte) {
	answer, err := u.place.client.UploadPart(u.ctx, &s3.UploadPartInput{Bucket: &u.place.bucket, Key: u.place.key(u.key), UploadId: u.id,
		PartNumber: &number, Body: bytes.NewReader(text)})
	if err != nil {
		u.fail(u.place.failed(u.ctx, u.key, err))
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.parts = append(u.parts, types.CompletedPart{PartNumber: &number, ETag: answer.ETag})
}

func (u *upload) complete() (etag string, err error) {
	slices.SortFunc(u.parts, func(a, b types.CompletedPart) int { return cmp.Compare(*a.PartNumber, *b.PartNumber) })
	answer, err := u.place.client.CompleteMultipartUpload(u.ctx, &s3.CompleteMultipartUploadInput{Bucket: &u.place.bucket, Key: u.place.key(u.key),
		UploadId: u.id, MultipartUpload: &types.CompletedMultipartUpload{Parts: u.parts}})
	if err != nil {
		return "", u.place.failed(u.ctx, u.key, err)
	}
	return bare(answer.ETag), nil
}

// abort lets the server forget the parts; the caller learns why.
func (u *upload) abort(cause error) error {
	u.fail(cause)
	_, err := u.place.client.AbortMultipartUpload(context.WithoutCancel(u.ctx), &s3.AbortMultipartUploadInput{Bucket: &u.place.bucket,
		Key: u.place.key(u.key), UploadId: u.id})
	if err != nil {
		return errors.Join(cause, u.place.failed(u.ctx, u.key, err))
	}
	return cause
}
