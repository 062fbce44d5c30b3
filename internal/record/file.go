package record

import (
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"
)

// FilePrefix is what ids of files begin with.
const FilePrefix = "fil"

// File is an upload that an output can refer to. What is known of it stands in the document, so that a publication says
// it without looking elsewhere; the catalogue fills it in, and only the id is the caller's.
type File struct {
	ID        string `json:"id,omitempty" plein:"part,id=file"`
	Name      string `json:"name" plein:"part"`
	MediaType string `json:"mediaType" plein:"part"`
	// ByteSize is how many bytes it has.
	ByteSize   int       `json:"byteSize" plein:"part"`
	UploadedAt time.Time `json:"uploadedAt" plein:"part"`
	// URL is where a file of another node is; empty for one of this node.
	URL string `json:"url,omitempty" plein:"part"`
	// RemovedAt is the zero moment while it was not removed. What a document refers to was not.
	RemovedAt time.Time `json:"-" plein:"part"`
}

// IsNode marks what has an id of its own.
func (*File) IsNode() {}

// Path is where the file is, below the address of the node.
func (f *File) Path() string { return "/files/" + f.ID + "/" + url.PathEscape(f.Name) }

// Address is where the file can be downloaded: on this node, at base, or on the node that it is of.
func (f *File) Address(base string) string {
	if f.URL != "" {
		return f.URL
	}
	return base + f.Path()
}

// fileIDElsewhere is the id of a file of another node, made of its address. None of this node's has it: theirs are made
// of the time.
func fileIDElsewhere(address string) string {
	return FilePrefix + "_" + uuid.NewSHA1(uuid.NameSpaceURL, []byte(address)).String()
}

// Files are the uploads that a document refers to.
func Files(r Record) []*File {
	p, ok := r.(*Project)
	if !ok {
		return nil
	}
	var out []*File
	for _, o := range p.Outputs {
		if o.File != nil {
			out = append(out, o.File)
		}
	}
	return out
}

// RefersTo tells whether a document refers to an upload.
func RefersTo(r Record, fileID string) bool {
	return slices.ContainsFunc(Files(r), func(f *File) bool { return f.ID == fileID })
}

// SetFile lets the output refer to an upload, or with an empty id to none.
func (o *Output) SetFile(id string) {
	if id == "" {
		o.File = nil
	} else if o.File == nil || o.File.ID != id {
		o.File = &File{ID: id}
	}
}
