package org.openlockbox.node.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.server.backup.BackupHead;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;

/// What a backup holds: the sums of its files, and every tenant's log as it was at the moment of
/// the dump. It is the file `backup.json`.
///
/// @param schema number of the newest migration of the tables
record BackupManifest(
    Instant time, String logHost, String schema, List<FileSum> files, List<BackupHead> logs) {
  static final String NAME = "backup.json";
  private static final String FORMAT = "lockbox-backup-v1";

  BackupManifest {
    files = List.copyOf(files);
    logs = List.copyOf(logs);
  }

  /// A file of the backup, by its path within.
  record FileSum(String name, Bytes sha256) {}

  String text() {
    return CanonicalJson.text(
            Json.object()
                .put("format", FORMAT)
                .put("time", time)
                .put("logHost", logHost)
                .put("schema", schema)
                .put("files", files.stream().map(BackupManifest::json).toList())
                .put("logs", logs.stream().map(BackupManifest::json).toList())
                .build())
        + "\n";
  }

  private static Json json(FileSum file) {
    return Json.object().put("name", file.name).put("sha256", file.sha256.hex()).build();
  }

  private static Json json(BackupHead log) {
    return Json.object()
        .put("origin", log.origin().value())
        .put("pin", log.pin())
        .put("size", log.head().size())
        .put("root", log.head().root())
        .build();
  }

  /// Reads it. Throws [NodeFailure] if this is no backup that this release knows.
  static BackupManifest read(Path backup) {
    Path file = backup.resolve(NAME);
    try {
      var json = Fields.of(CanonicalJson.parse(Bytes.ofUtf8(Files.readString(file).strip())), NAME);
      if (!json.text("format").equals(FORMAT)) {
        throw new NodeFailure(
            Code.FAILURE,
            "%s is %s; this release reads %s".formatted(file, json.text("format"), FORMAT));
      }
      return parse(json);
    } catch (MalformedJson | IllegalArgumentException e) {
      throw new NodeFailure(Code.FAILURE, file + " is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new NodeFailure(
          Code.FAILURE, backup + " is no directory that lockbox backup made: " + e.getMessage(), e);
    }
  }

  private static BackupManifest parse(Fields json) {
    var files = new ArrayList<FileSum>();
    for (var file : json.objects("files")) {
      files.add(new FileSum(file.text("name"), Bytes.ofHex(file.text("sha256"))));
    }
    var logs = new ArrayList<BackupHead>();
    for (var log : json.objects("logs")) {
      logs.add(
          new BackupHead(
              new LogOrigin(log.text("origin")),
              log.hash("pin"),
              new TreeHead(log.number("size"), log.hash("root"))));
    }
    return new BackupManifest(
        json.instant("time"), json.text("logHost"), json.text("schema"), files, logs);
  }

  /// Throws [NodeFailure] if a file is missing, or is not the one that was written.
  void requireFiles(Path backup) {
    for (var file : files) {
      Path path = backup.resolve(file.name).normalize();
      if (!path.startsWith(backup.normalize())) {
        throw new NodeFailure(Code.FAILURE, "the backup names a file outside itself: " + file.name);
      }
      if (!sum(path).equals(file.sha256)) {
        throw new NodeFailure(
            Code.FAILURE, path + " is not the file that was backed up: its SHA-256 differs");
      }
    }
  }

  /// The SHA-256 of a file of any size.
  static Bytes sum(Path file) {
    try {
      return FileDigest.sha256(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Number of entries in all logs.
  long entries() {
    return logs.stream().mapToLong(log -> log.head().size()).sum();
  }
}
