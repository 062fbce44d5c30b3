-- Create "guests" table
CREATE TABLE `guests` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `user_id` text NOT NULL, `project_id` text NOT NULL);
-- Create index "guest_user_id_project_id" to table: "guests"
CREATE UNIQUE INDEX `guest_user_id_project_id` ON `guests` (`user_id`, `project_id`);
-- Create index "guest_project_id" to table: "guests"
CREATE INDEX `guest_project_id` ON `guests` (`project_id`);
-- Create "links" table
CREATE TABLE `links` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `hash` text NOT NULL, `kind` text NOT NULL, `user_id` text NOT NULL, `created_at` integer NOT NULL, `expires_at` integer NOT NULL, `used_at` integer NOT NULL DEFAULT (0));
-- Create index "links_hash_key" to table: "links"
CREATE UNIQUE INDEX `links_hash_key` ON `links` (`hash`);
-- Create index "link_user_id" to table: "links"
CREATE INDEX `link_user_id` ON `links` (`user_id`);
-- Create "outbox" table
CREATE TABLE `outbox` (`id` text NOT NULL, `recipient_id` text NOT NULL, `kind` text NOT NULL, `period` text NOT NULL, `message_id` text NOT NULL, `subject` text NOT NULL, `body` text NOT NULL, `created_at` integer NOT NULL, `sent_at` integer NOT NULL DEFAULT (0), `attempts` integer NOT NULL DEFAULT (0), `next_try_at` integer NOT NULL, PRIMARY KEY (`id`));
-- Create index "mail_recipient_id_kind_period" to table: "outbox"
CREATE UNIQUE INDEX `mail_recipient_id_kind_period` ON `outbox` (`recipient_id`, `kind`, `period`);
-- Create index "mail_sent_at_next_try_at" to table: "outbox"
CREATE INDEX `mail_sent_at_next_try_at` ON `outbox` (`sent_at`, `next_try_at`);
-- Create "memberships" table
CREATE TABLE `memberships` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `user_id` text NOT NULL, `organization_id` text NOT NULL, `role` text NOT NULL);
-- Create index "membership_user_id_organization_id" to table: "memberships"
CREATE UNIQUE INDEX `membership_user_id_organization_id` ON `memberships` (`user_id`, `organization_id`);
-- Create index "membership_organization_id" to table: "memberships"
CREATE INDEX `membership_organization_id` ON `memberships` (`organization_id`);
-- Create "sessions" table
CREATE TABLE `sessions` (`id` text NOT NULL, `hash` text NOT NULL, `former_hash` text NOT NULL DEFAULT (''), `renewed_at` integer NOT NULL DEFAULT (0), `renew` bool NOT NULL DEFAULT (false), `user_id` text NOT NULL, `created_at` integer NOT NULL, `last_seen_at` integer NOT NULL, `expires_at` integer NOT NULL, PRIMARY KEY (`id`));
-- Create index "sessions_hash_key" to table: "sessions"
CREATE UNIQUE INDEX `sessions_hash_key` ON `sessions` (`hash`);
-- Create index "session_user_id" to table: "sessions"
CREATE INDEX `session_user_id` ON `sessions` (`user_id`);
-- Create index "session_former_hash" to table: "sessions"
CREATE INDEX `session_former_hash` ON `sessions` (`former_hash`);
-- Create "throttles" table
CREATE TABLE `throttles` (`id` text NOT NULL, `user_id` text NOT NULL DEFAULT (''), `failures` integer NOT NULL DEFAULT (0), `last_at` integer NOT NULL, `blocked_until` integer NOT NULL DEFAULT (0), `known_until` integer NOT NULL DEFAULT (0), PRIMARY KEY (`id`));
-- Create index "throttle_user_id" to table: "throttles"
CREATE INDEX `throttle_user_id` ON `throttles` (`user_id`);
-- Create "users" table
CREATE TABLE `users` (`id` text NOT NULL, `email` text NOT NULL, `name` text NOT NULL, `password` text NOT NULL DEFAULT (''), `state` text NOT NULL, `is_node_admin` bool NOT NULL DEFAULT (false), `is_moderator` bool NOT NULL DEFAULT (false), `created_at` integer NOT NULL, `last_sign_in_at` integer NOT NULL DEFAULT (0), `revision` integer NOT NULL DEFAULT (1), PRIMARY KEY (`id`));
-- Create index "users_email_key" to table: "users"
CREATE UNIQUE INDEX `users_email_key` ON `users` (`email`);
