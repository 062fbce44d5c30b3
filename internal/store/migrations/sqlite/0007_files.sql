-- Create "files" table
CREATE TABLE `files` (`id` text NOT NULL, `record_id` text NOT NULL, `name` text NOT NULL, `media_type` text NOT NULL, `byte_size` integer NOT NULL, `hash` text NOT NULL, `uploaded_at` integer NOT NULL, `approved` bool NOT NULL DEFAULT (false), `removed_at` integer NOT NULL DEFAULT (0), PRIMARY KEY (`id`));
-- Create index "file_record_id_hash" to table: "files"
CREATE UNIQUE INDEX `file_record_id_hash` ON `files` (`record_id`, `hash`);
-- Create index "file_hash" to table: "files"
CREATE INDEX `file_hash` ON `files` (`hash`);
-- Create index "file_removed_at_approved_uploaded_at" to table: "files"
CREATE INDEX `file_removed_at_approved_uploaded_at` ON `files` (`removed_at`, `approved`, `uploaded_at`);
-- Create "file_chunks" table
CREATE TABLE `file_chunks` (`id` text NOT NULL, `body` blob NOT NULL, PRIMARY KEY (`id`));
