package org.openlockbox.server.log.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.NoteCheck;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What servers remember to have signed and do not find in a log, and what an operator has given up
/// of it: notes in the database, signed with the log's Ed25519 key under the name
/// `<origin>/recovery` (ADR 36). Only servers hold that key, so nobody else can make one. A
/// recovery names the heads that are given up one by one, and so cannot be used for any other loss,
/// earlier or later.
///
/// ```text
/// lockbox/missing/v1            lockbox/recovery/v1
/// <origin>                      <origin>
/// <size> <root>                 <size> <root>       the head that the log goes on from
///                               <size> <root>       a head that is given up; one or more lines
/// ```
public final class Recoveries {
  private static final String MISSING = "lockbox/missing/v1";
  private static final String RECOVERY = "lockbox/recovery/v1";

  private final JdbcClient jdbc;
  private final LogReader reader;
  private final LogKeys keys;

  public Recoveries(JdbcClient jdbc, LogKeys keys) {
    this.jdbc = jdbc;
    this.reader = new LogReader(jdbc);
    this.keys = keys;
  }

  /// That a log goes on from a head, although these were signed.
  public record Recovery(TreeHead goesOn, Set<TreeHead> lost) {
    public Recovery {
      lost = Set.copyOf(lost);
    }
  }

  /// Puts on record that this head was signed and is not in the log.
  void miss(String origin, TreeHead signed) {
    keep(MISSING, origin, List.of(signed));
  }

  /// The heads that servers miss, or missed once.
  public Set<TreeHead> missing(String origin) {
    var missing = new HashSet<TreeHead>();
    notes(MISSING, origin).forEach(missing::addAll);
    return missing;
  }

  /// Puts a recovery on record, in the caller's transaction, which holds the log's head.
  public void recovered(String origin, Recovery recovery) {
    var heads = new ArrayList<TreeHead>();
    heads.add(recovery.goesOn());
    heads.addAll(recovery.lost());
    keep(RECOVERY, origin, heads);
  }

  /// The head that a log goes on from by a recovery that gives up this one, if the log contains it.
  public Optional<TreeHead> goesOn(LogOrigin origin, TreeHead signed) {
    return notes(RECOVERY, origin.value()).stream()
        .filter(heads -> heads.subList(1, heads.size()).contains(signed))
        .map(List::getFirst)
        .filter(head -> reader.contains(origin.tenant(), head))
        .max(Comparator.comparingLong(TreeHead::size));
  }

  private static String name(String origin) {
    return origin + "/recovery";
  }

  private void keep(String kind, String origin, List<TreeHead> heads) {
    var text = new StringBuilder(kind).append('\n').append(origin).append('\n');
    heads.forEach(
        head -> text.append(head.size()).append(' ').append(head.root().base64()).append('\n'));
    var signer = keys.ed25519Signer(name(origin));
    var note = SignedNote.of(text.toString(), signer.signature(text.toString())).format();
    jdbc.sql(
            """
            insert into log_recovery (origin, kind, note) values (?, ?, ?)
            on conflict (origin, kind, note) do update set note = excluded.note
            """)
        .params(origin, kind, note)
        .update();
  }

  /// The heads of each note of this kind that the log's key has signed.
  private List<List<TreeHead>> notes(String kind, String origin) {
    return jdbc
        .sql("select note from log_recovery where origin = ? and kind = ? order by note")
        .params(origin, kind)
        .query((row, _) -> row.getString("note"))
        .list()
        .stream()
        .flatMap(note -> heads(kind, origin, note).stream())
        .toList();
  }

  private Optional<List<TreeHead>> heads(String kind, String origin, String note) {
    List<NoteVerifier> key = keys.ed25519Verifiers(name(origin));
    try {
      return SignedNote.parse(note).check(key) instanceof NoteCheck.Valid verified
          ? heads(kind, origin, verified.text().lines().toList())
          : Optional.empty();
    } catch (MalformedNote e) {
      return Optional.empty();
    }
  }

  private static Optional<List<TreeHead>> heads(String kind, String origin, List<String> lines) {
    return lines.size() > 2 && lines.getFirst().equals(kind) && lines.get(1).equals(origin)
        ? Optional.of(lines.stream().skip(2).map(Recoveries::head).toList())
        : Optional.empty();
  }

  private static TreeHead head(String line) {
    int space = line.indexOf(' ');
    return new TreeHead(
        Long.parseLong(line.substring(0, space)), Hash.ofBase64(line.substring(space + 1)));
  }
}
