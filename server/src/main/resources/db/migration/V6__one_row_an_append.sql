-- An append writes one row of one table, log_batch. Its key is the compare-and-swap: of two that append to a log at the
-- same moment, one finds the index taken. What a log's head is, its newest batch says; texts lie with the entries that
-- commit to them.
--
-- `range`: where an append ends with the batch, the roots of the log's perfect subtrees after it, largest first.
-- `keyring_seq`: there, the index of the newest genesis, key-add, key-remove or settings.
-- `key_no`: the data key of its texts; of the newest batch, the one that seals new texts.
-- `sealed`: the texts that the entries commit to, sealed to this tenant and batch. Inside, for each text: commitment
-- (32 bytes), salt (16), big-endian 32-bit length, text. A length below zero: so many bytes lie in log_blob. The
-- commitment is SHA-256(salt || text). An erasure seals it anew without a text, and leaves the log whole.
alter table log_batch
  add range       bytea,
  add keyring_seq bigint constraint log_batch_keyring_seq check (keyring_seq >= 0),
  add key_no      int    constraint log_batch_key_no check (key_no >= 1),
  add sealed      bytea;
alter table log_batch
  alter range set storage external,
  alter sealed set storage external,
  -- An ordinary append lies in one piece, two of them in a page.
  set (toast_tuple_target = 4080);

drop trigger log_batch_append_only on log_batch;
update log_batch b set key_no = t.key_no, sealed = t.sealed
  from log_text t
 where t.tenant_id = b.tenant_id and t.first_seq = b.first_seq;
update log_batch b set range = h.range, keyring_seq = h.keyring_seq, key_no = h.key_no
  from log_head h
 where h.tenant_id = b.tenant_id and b.first_seq + b.count = h.size;
-- Only texts are ever taken out of a row.
create trigger log_batch_append_only
  before delete or update of tenant_id, first_seq, count, gateway, boot, gw_seq, entries, hashes, root, range, keyring_seq, key_no
  on log_batch for each row execute function refuse_change();

drop table log_text;
drop table log_head;
create view log_head as
select t.id as tenant_id,
       coalesce(b.first_seq + b.count, 0) as size,
       coalesce(b.range, '') as range,
       coalesce(b.keyring_seq, 0) as keyring_seq,
       coalesce(b.key_no, 1) as key_no
  from tenant t
  left join lateral (
       select first_seq, count, range, keyring_seq, key_no from log_batch
        where tenant_id = t.id
        order by first_seq desc limit 1) b on true;

-- The advisory lock of whoever appends to a tenant's log. It keeps two from making the same step in vain; that a log has
-- one order is the key's doing.
create function log_lock(tenant_id text) returns bigint language sql immutable parallel safe
return hashtextextended(tenant_id, 29);
