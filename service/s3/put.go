package s3

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"

	"github.com/stepwell/stepwell/bucket"
)

type putObjectRequest struct {
	Bucket      string `aws:"required"`
	Key         string `aws:"required,min=1"`
	Body        []byte `aws:"stream"`
	ContentType string
	Metadata    map[string]string
	Tagging     string
}

type putObjectResponse struct {
	ChecksumCRC32        string
	ChecksumType         string
	ETag                 string
	ServerSideEncryption string
}

func (s objects) putObject(ctx context.Context, r *putObjectRequest) (*putObjectResponse, error) {
	tags, err := tagsIn(r.Tagging)
	if err != nil {
		return nil, err
	}
	about := bucket.Attributes{ContentType: r.ContentType, Metadata: r.Metadata, Tags: tags}
	o, err := s.store.Put(ctx, r.Bucket, r.Key, bytes.NewReader(r.Body), about)
	if err != nil {
		return nil, err
	}
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(r.Body))
	return &putObjectResponse{
		ChecksumCRC32: base64.StdEncoding.EncodeToString(sum), ChecksumType: "FULL_OBJECT",
		ETag: quoted(o.ETag), ServerSideEncryption: encryption,
	}, nil
}
