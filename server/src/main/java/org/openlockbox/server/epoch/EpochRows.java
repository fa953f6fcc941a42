package org.openlockbox.server.epoch;

import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.epoch.EpochStatement;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Rows;
import org.openlockbox.server.epoch.Vector.EpochSlot;
import org.openlockbox.server.log.entry.StoredRange;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tile.TileGrowth;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tile.TileWriter;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The epoch log's tables. Of the heads only changes are kept, so an idle tenant costs nothing, and
/// any epoch can be built again.
final class EpochRows {
  /// In one statement, so that what is taken off the list is seen as it was written there.
  private static final String TAKE_CHANGED =
      """
      with taken as (
        delete from log_moved returning tenant_id
      )
      select t.slot, t.origin, t.head_secret, c.size, c.root
        from (select distinct tenant_id from taken) m
        join tenant t on t.id = m.tenant_id
        join log_checkpoint c on c.tenant_id = t.id
        join log_head h on h.tenant_id = t.id and h.size >= c.size
        left join epoch_slot s on s.slot = t.slot
       where s.slot is null or c.size > s.size
       order by t.slot
      """;

  private static final String KEEP_CHANGES =
      """
      with changes as (
        select * from unnest(?::bigint[], ?::bigint[], ?::bytea[]) as c (slot, size, root)
      ), history as (
        insert into epoch_change (slot, epoch, size, root)
        select slot, ?, size, root from changes
        returning 1
      )
      insert into epoch_slot (slot, epoch, size, root) select slot, ?, size, root from changes
      on conflict (slot) do update
         set epoch = excluded.epoch, size = excluded.size, root = excluded.root
      returning (select count(*) from history)
      """;

  /// `later` where an epoch after the one that is asked for has changed the head.
  private static final String NEWEST_SLOTS =
      """
      select s.slot, t.origin, t.head_secret, s.size, s.root, s.epoch > ? as later
        from epoch_slot s
        join tenant t on t.slot = s.slot
       order by s.slot
      """;

  /// Reads all history up to the epoch: slow once the log is old.
  private static final String SLOTS_AT =
      """
      select distinct on (c.slot) c.slot, t.origin, t.head_secret, c.size, c.root
        from epoch_change c
        join tenant t on t.slot = c.slot
       where c.epoch <= ?
       order by c.slot, c.epoch desc
      """;

  private final JdbcClient jdbc;

  EpochRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// The epoch log's size and when it last grew.
  record EpochLogHead(CompactRange range, Instant builtAt) {}

  /// A published head that is larger than it was in the last epoch.
  record HeadChange(int slot, EpochSlot now) {}

  /// A signed checkpoint of the epoch log, with as many cosignatures as there are by now.
  record PublishedEpoch(long size, SignedNote note) {}

  /// Locks the epoch log until the transaction ends. Empty if another server has it, unless this
  /// one waits.
  Optional<EpochLogHead> lock(boolean waiting) {
    return jdbc.sql(
            "select size, range, built_at from epoch_head for update"
                + (waiting ? "" : " skip locked"))
        .query(
            (row, n) ->
                new EpochLogHead(
                    StoredRange.of(row.getLong("size"), row.getBytes("range")),
                    row.getObject("built_at", OffsetDateTime.class).toInstant()))
        .optional();
  }

  long size() {
    return jdbc.sql("select size from epoch_head").query(Long.class).single();
  }

  /// Begins the epoch log of the generation that this names, whose first entry it is. The epochs of
  /// the one before are gone, which a backup has; every slot changes in the next epoch.
  void begin(RecoveryEvent.EpochsLost recovery, Instant now) {
    jdbc.sql("truncate epoch, epoch_tile, epoch_change, epoch_slot, epoch_checkpoint").update();
    jdbc.sql("insert into log_moved (tenant_id) select tenant_id from log_head").update();
    jdbc.sql("update export_sink set epoch = 0").update();
    jdbc.sql(
            """
            insert into epoch_recovery (generation, lost_size, lost_root, reason)
            values (?, ?, ?, ?)
            """)
        .params(
            recovery.generation(),
            recovery.lostSize(),
            recovery.lostRoot().bytes(),
            recovery.reason())
        .update();
    var opening = Bytes.ofUtf8(recovery.opening());
    var grown =
        TileWriter.append(CompactRange.empty(), List.of(MerkleTree.leafHash(opening.toArray())));
    append(0, recovery.opening(), grown.range(), grown.growth(), now);
  }

  /// Takes what was published since the last epoch off the list: the heads among it that are larger
  /// than the last epoch has them, or not in it. For an epoch that is committed together with this.
  List<HeadChange> takeChanged() {
    return jdbc.sql(TAKE_CHANGED)
        .query((row, n) -> new HeadChange(row.getInt("slot"), slot(row, root(row))))
        .list();
  }

  void keep(long epoch, List<HeadChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    var kept =
        jdbc.sql(KEEP_CHANGES)
            .params(
                changes.stream().map(change -> (long) change.slot()).toArray(Long[]::new),
                changes.stream().map(change -> change.now().size()).toArray(Long[]::new),
                changes.stream().map(change -> change.now().root().bytes()).toArray(byte[][]::new),
                epoch,
                epoch)
            .query(Integer.class)
            .list();
    Rows.exactly(changes.size(), kept.size());
    Rows.exactly(changes.size(), kept.getFirst());
  }

  /// The heads as they were in this epoch, by slot, without a gap. Of the newest epoch they are
  /// kept apart, so that this costs no more as the log grows.
  List<EpochSlot> slotsAt(long epoch) {
    var newest =
        jdbc.sql(NEWEST_SLOTS)
            .params(epoch)
            .query((row, n) -> new NewestSlot(slot(row, root(row)), row.getBoolean("later")))
            .list();
    return newest.stream().anyMatch(NewestSlot::later)
        ? slotsFromHistory(epoch)
        : newest.stream().map(NewestSlot::slot).toList();
  }

  private record NewestSlot(EpochSlot slot, boolean later) {}

  private static Hash root(ResultSet row) throws SQLException {
    return Hash.of(row.getBytes("root"));
  }

  private List<EpochSlot> slotsFromHistory(long epoch) {
    return jdbc.sql(SLOTS_AT).params(epoch).query((row, n) -> slot(row, root(row))).list();
  }

  private static EpochSlot slot(ResultSet row, Hash root) throws SQLException {
    return new EpochSlot(
        new LogOrigin(row.getString("origin")),
        Bytes.of(row.getBytes("head_secret")),
        row.getLong("size"),
        root);
  }

  void append(EpochStatement statement, CompactRange range, List<TileGrowth> growth, Instant now) {
    append(statement.epoch(), statement.format(), range, growth, now);
  }

  private void append(
      long n, String statement, CompactRange range, List<TileGrowth> growth, Instant now) {
    jdbc.sql("insert into epoch (n, statement) values (?, ?)").params(n, statement).update();
    for (var piece : growth) {
      jdbc.sql("insert into epoch_tile (level, n, at, hashes) values (?, ?, ?, ?)")
          .params(piece.level(), piece.n(), piece.offset(), piece.bytes())
          .update();
    }
    Rows.one(
        jdbc.sql("update epoch_head set size = ?, range = ?, built_at = ?")
            .params(range.size(), StoredRange.bytes(range), now.atOffset(ZoneOffset.UTC))
            .update());
  }

  Optional<EpochStatement> statement(long epoch) {
    return jdbc.sql("select statement from epoch where n = ?")
        .params(epoch)
        .query((row, n) -> EpochStatement.parse(row.getString("statement")))
        .optional();
  }

  List<byte[]> entries(long from, int count) {
    return jdbc.sql("select statement from epoch where n >= ? and n < ? order by n")
        .params(from, from + count)
        .query((row, n) -> Bytes.ofUtf8(row.getString("statement")).toArray())
        .list();
  }

  byte[] tile(int level, long n) {
    var tile = new ByteArrayOutputStream();
    jdbc.sql("select hashes from epoch_tile where level = ? and n = ? order by at")
        .params(level, n)
        .query((row, i) -> row.getBytes("hashes"))
        .list()
        .forEach(tile::writeBytes);
    return tile.toByteArray();
  }

  TileTree tree(long size) {
    return new TileTree(this::tile, size);
  }

  /// Keeps a checkpoint, or the same with more cosignatures, and forgets those that are of no use
  /// any more: older than the newest with as many witnesses.
  void publish(long size, SignedNote note, int witnesses) {
    jdbc.sql(
            """
            insert into epoch_checkpoint (size, note, witnesses) values (?, ?, ?)
            on conflict (size) do update set note = excluded.note, witnesses = excluded.witnesses
             where epoch_checkpoint.witnesses < excluded.witnesses
            """)
        .params(size, note.format(), witnesses)
        .update();
    jdbc.sql("delete from epoch_checkpoint where size < ? and witnesses <= ?")
        .params(size, witnesses)
        .update();
  }

  /// The newest checkpoint that at least so many witnesses cosigned.
  Optional<PublishedEpoch> checkpoint(int witnesses) {
    return jdbc.sql(
            """
            select size, note from epoch_checkpoint
             where witnesses >= ? order by size desc limit 1
            """)
        .params(witnesses)
        .query((row, n) -> new PublishedEpoch(row.getLong("size"), note(row.getString("note"))))
        .optional();
  }

  /// All checkpoints that are kept, newest first: few, each with more witnesses than the one
  /// before.
  List<PublishedEpoch> checkpoints() {
    return jdbc.sql("select size, note from epoch_checkpoint order by size desc")
        .query((row, n) -> new PublishedEpoch(row.getLong("size"), note(row.getString("note"))))
        .list();
  }

  private static SignedNote note(@Nullable String text) {
    return SignedNote.parse(String.valueOf(text));
  }

  int slotOf(TenantId tenant) {
    return jdbc.sql("select slot from tenant where id = ?")
        .params(tenant.value())
        .query(Integer.class)
        .single();
  }
}
