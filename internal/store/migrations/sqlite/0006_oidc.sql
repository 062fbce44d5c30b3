-- Create "oidc_identities" table
CREATE TABLE `oidc_identities` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `issuer` text NOT NULL, `subject` text NOT NULL, `user_id` text NOT NULL, `created_at` integer NOT NULL);
-- Create index "oidcidentity_issuer_subject" to table: "oidc_identities"
CREATE UNIQUE INDEX `oidcidentity_issuer_subject` ON `oidc_identities` (`issuer`, `subject`);
-- Create index "oidcidentity_user_id_issuer" to table: "oidc_identities"
CREATE UNIQUE INDEX `oidcidentity_user_id_issuer` ON `oidc_identities` (`user_id`, `issuer`);
-- Create "oidc_logins" table
CREATE TABLE `oidc_logins` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `state_hash` text NOT NULL, `browser_hash` text NOT NULL, `nonce` text NOT NULL, `verifier` text NOT NULL, `next` text NOT NULL, `expires_at` integer NOT NULL);
-- Create index "oidc_logins_state_hash_key" to table: "oidc_logins"
CREATE UNIQUE INDEX `oidc_logins_state_hash_key` ON `oidc_logins` (`state_hash`);
