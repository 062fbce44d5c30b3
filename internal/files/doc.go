// Package files keeps what people upload: the bytes, in the database; what they are, decided by the bytes themselves; and
// who may have them. A file belongs to a project and is public from the moment at which a publication refers to it.
package files
