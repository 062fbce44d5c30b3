-- Add column "datasets" to table: "feed"
ALTER TABLE `feed` ADD COLUMN `datasets` json NULL;
-- Create index "feedentry_kind_id" to table: "feed"
CREATE INDEX `feedentry_kind_id` ON `feed` (`kind`, `id`) WHERE publisher_seq IS NOT NULL;
-- Create "keys" table
CREATE TABLE `keys` (`id` text NOT NULL, `publisher_id` text NOT NULL, `state` text NOT NULL, `sealed` blob NULL, `from_epoch` integer NOT NULL DEFAULT (0), `from_seq` integer NOT NULL DEFAULT (0), `statement` blob NULL, `created_at` integer NOT NULL, `place` text NOT NULL DEFAULT (''), PRIMARY KEY (`id`));
-- Create index "key_publisher_id_state" to table: "keys"
CREATE INDEX `key_publisher_id_state` ON `keys` (`publisher_id`, `state`);
-- Create "members" table
CREATE TABLE `members` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `publisher_id` text NOT NULL, `epoch` integer NOT NULL, `seq` integer NOT NULL, `type` text NOT NULL, `object` text NOT NULL, `version` integer NOT NULL, `published` integer NOT NULL, `prev` text NOT NULL, `digest` text NOT NULL, `hash` text NOT NULL, `raw` blob NULL, `relay_seq` integer NULL);
-- Create index "member_publisher_id_epoch_seq" to table: "members"
CREATE UNIQUE INDEX `member_publisher_id_epoch_seq` ON `members` (`publisher_id`, `epoch`, `seq`);
-- Create index "member_relay_seq" to table: "members"
CREATE UNIQUE INDEX `member_relay_seq` ON `members` (`relay_seq`);
-- Create index "member_object" to table: "members"
CREATE INDEX `member_object` ON `members` (`object`);
-- Create "peers" table
CREATE TABLE `peers` (`id` text NOT NULL, `base_url` text NOT NULL, `name` text NOT NULL DEFAULT (''), `software` text NOT NULL DEFAULT (''), `state` text NOT NULL, `added_at` integer NOT NULL, `attempted_at` integer NOT NULL DEFAULT (0), `succeeded_at` integer NOT NULL DEFAULT (0), `failures` integer NOT NULL DEFAULT (0), `next_at` integer NOT NULL DEFAULT (0), `problem` text NOT NULL DEFAULT (''), `detail` text NOT NULL DEFAULT (''), `relay_epoch` integer NOT NULL DEFAULT (0), `relay_seq` integer NOT NULL DEFAULT (0), `behind` integer NOT NULL DEFAULT (0), PRIMARY KEY (`id`));
-- Create index "peers_base_url_key" to table: "peers"
CREATE UNIQUE INDEX `peers_base_url_key` ON `peers` (`base_url`);
-- Create "publishers" table
CREATE TABLE `publishers` (`id` text NOT NULL, `iri` text NOT NULL, `name` text NOT NULL, `home` text NOT NULL, `did` text NOT NULL, `feed` text NOT NULL, `organization_id` text NOT NULL DEFAULT (''), `peer_id` text NOT NULL, `state` text NOT NULL, `card` blob NOT NULL, `key` text NOT NULL, `next` text NOT NULL, `key_shown` text NOT NULL DEFAULT (''), `epoch` integer NOT NULL DEFAULT (0), `seq` integer NOT NULL DEFAULT (0), `hash` text NOT NULL DEFAULT (''), `seen_at` integer NOT NULL DEFAULT (0), `problem` text NOT NULL DEFAULT (''), `detail` text NOT NULL DEFAULT (''), `deletes_allowed` integer NOT NULL DEFAULT (0), `allowed_at` integer NOT NULL DEFAULT (0), `deletes_waiting` integer NOT NULL DEFAULT (0), PRIMARY KEY (`id`));
-- Create index "publishers_iri_key" to table: "publishers"
CREATE UNIQUE INDEX `publishers_iri_key` ON `publishers` (`iri`);
-- Create index "publisher_organization_id" to table: "publishers"
CREATE INDEX `publisher_organization_id` ON `publishers` (`organization_id`);
-- Create index "publisher_peer_id" to table: "publishers"
CREATE INDEX `publisher_peer_id` ON `publishers` (`peer_id`);
-- Create "quarantine" table
CREATE TABLE `quarantine` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `publisher_id` text NOT NULL, `peer_id` text NOT NULL, `epoch` integer NOT NULL, `seq` integer NOT NULL, `object` text NOT NULL, `reason` text NOT NULL, `detail` text NOT NULL, `raw` blob NOT NULL, `at` integer NOT NULL);
-- Create index "quarantined_publisher_id" to table: "quarantine"
CREATE INDEX `quarantined_publisher_id` ON `quarantine` (`publisher_id`);
-- Create "replicas" table
CREATE TABLE `replicas` (`id` text NOT NULL, `uri` text NOT NULL, `publisher_id` text NOT NULL DEFAULT (''), `named_by` text NOT NULL DEFAULT (''), `epoch` integer NOT NULL DEFAULT (0), `version` integer NOT NULL DEFAULT (0), `hash` text NOT NULL DEFAULT (''), `deleted` bool NOT NULL DEFAULT (false), `withdrawal_waits` bool NOT NULL DEFAULT (false), PRIMARY KEY (`id`));
-- Create index "replicas_uri_key" to table: "replicas"
CREATE UNIQUE INDEX `replicas_uri_key` ON `replicas` (`uri`);
-- Create index "replica_publisher_id_deleted" to table: "replicas"
CREATE INDEX `replica_publisher_id_deleted` ON `replicas` (`publisher_id`, `deleted`);
-- Create index "replica_named_by" to table: "replicas"
CREATE INDEX `replica_named_by` ON `replicas` (`named_by`);
