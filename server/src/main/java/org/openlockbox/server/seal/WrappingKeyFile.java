package org.openlockbox.server.seal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.canonical.Bytes;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Wrapping keys in a file with mode 0600: a line `lockbox-wrapping-key-v1 <base64>` each, the one
/// in use first. The others are kept for what they have wrapped, backups included. Whoever has the
/// file and the database can read every text; it belongs into no backup of the database.
public final class WrappingKeyFile implements KeyWrapping {
  private static final String PREFIX = "lockbox-wrapping-key-v1 ";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private static final String IN_USE =
      """
      select exists (select from tenant_key where wrapped is not null)
          or exists (select from webhook)
          or exists (select from push_key)
          or exists (select from standing)
      """;

  private final Path file;
  private final List<SealingKey> keys;
  private final SecureRandom random;

  private WrappingKeyFile(Path file, List<SealingKey> keys, SecureRandom random) {
    this.file = file;
    this.keys = List.copyOf(keys);
    this.random = random;
  }

  /// The file that belongs to this database. It is made, with one new key, for a database in which
  /// nothing is wrapped yet; for any other a new key would open nothing.
  public static WrappingKeyFile openFor(JdbcClient database, Path file, SecureRandom random) {
    if (!Files.exists(file) && !isNeeded(database)) {
      make(file, random);
    }
    return open(file, random);
  }

  /// Whether the database holds anything that is wrapped.
  public static boolean isNeeded(JdbcClient database) {
    return database.sql(IN_USE).query(Boolean.class).single();
  }

  /// Reads the file. Throws [IllegalStateException], in words for the operator, if there is none or
  /// if others may read it.
  public static WrappingKeyFile open(Path file, SecureRandom random) {
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          """
          there is no %s, and no new one is made: it would not open what the database holds. Put \
          back the file of wrapping keys that belongs to this database, or name it as \
          server.wrappingKey (by default the configuration file's name and .wrapping-key)\
          """
              .formatted(file));
    }
    try {
      return read(file, random);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the wrapping keys " + file, e);
    }
  }

  static void make(Path file, SecureRandom random) {
    try {
      link(file, random);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the wrapping keys " + file, e);
    }
  }

  private static void link(Path file, SecureRandom random) throws IOException {
    var first = new WrappingKeyFile(file, List.of(SealingKey.random(random)), random);
    var beside = file.resolveSibling(file.getFileName() + "." + first.current());
    first.writeTo(beside);
    try {
      Files.createLink(file, beside);
      forceDirectory(file);
    } catch (FileAlreadyExistsException e) {
      // Another process made it at the same moment: its key is the one.
    } finally {
      Files.delete(beside);
    }
  }

  private static WrappingKeyFile read(Path file, SecureRandom random) throws IOException {
    if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IllegalArgumentException(
          "the wrapping keys can be read by others: chmod 600 " + file);
    }
    var keys = new ArrayList<SealingKey>();
    for (var line : Files.readAllLines(file)) {
      if (!line.isBlank()) {
        keys.add(key(line).orElseThrow(() -> malformed(file)));
      }
    }
    if (keys.isEmpty()) {
      throw malformed(file);
    }
    return new WrappingKeyFile(file, keys, random);
  }

  private static Optional<SealingKey> key(String line) {
    if (!line.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          SealingKey.of(Bytes.of(Base64.getDecoder().decode(line.substring(PREFIX.length())))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static IllegalArgumentException malformed(Path file) {
    return new IllegalArgumentException(
        "%s is no file of wrapping keys: each line is '%s' and 32 bytes in base64"
            .formatted(file, PREFIX.strip()));
  }

  /// These keys with a new one before them, in the file too. A crash leaves the old file or the new
  /// one.
  public WrappingKeyFile withNewKey() {
    var all = new ArrayList<SealingKey>();
    all.add(SealingKey.random(random));
    all.addAll(keys);
    var next = new WrappingKeyFile(file, all, random);
    try {
      var beside = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(beside);
      next.writeTo(beside);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceDirectory(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the wrapping keys " + file, e);
    }
    return next;
  }

  /// The name is on the disk before a data key that only this file opens is in the database.
  private static void forceDirectory(Path file) throws IOException {
    var parent = file.toAbsolutePath().getParent();
    try (var directory =
        FileChannel.open(Objects.requireNonNull(parent), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private void writeTo(Path target) throws IOException {
    var text = new StringBuilder();
    for (var key : keys) {
      text.append(PREFIX)
          .append(Base64.getEncoder().encodeToString(key.bytes().toArray()))
          .append('\n');
    }
    Files.createFile(target, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try (var out = FileChannel.open(target, StandardOpenOption.WRITE)) {
      out.write(StandardCharsets.US_ASCII.encode(text.toString()));
      out.force(true);
    }
  }

  @Override
  public String current() {
    return keys.getFirst().name();
  }

  @Override
  public boolean holds(String name) {
    return find(name).isPresent();
  }

  private Optional<SealingKey> find(String name) {
    return keys.stream().filter(key -> key.name().equals(name)).findFirst();
  }

  @Override
  public Bytes wrap(Bytes key, Bytes context) {
    return Bytes.of(keys.getFirst().seal(key.toArray(), context, random));
  }

  @Override
  public Bytes unwrap(String name, Bytes wrapped, Bytes context) {
    var key =
        find(name)
            .orElseThrow(() -> new KeyUnavailable("%s holds no key %s".formatted(file, name)));
    return key.open(wrapped.toArray(), context)
        .map(Bytes::of)
        .orElseThrow(
            () -> new KeyUnavailable("a data key was not wrapped for this tenant by key " + name));
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
