-- What each boot of a gateway says of itself: its version, and where it runs. For operators to read; nothing is decided by it.
alter table gateway_boot add column version text constraint gateway_boot_version check (version ~ '^[0-9A-Za-z][0-9A-Za-z.+-]{0,39}$');
alter table gateway_boot add column region text constraint gateway_boot_region check (region ~ '^[a-z][a-z0-9-]{0,31}$');
