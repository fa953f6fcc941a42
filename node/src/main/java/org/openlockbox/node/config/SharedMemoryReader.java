package org.openlockbox.node.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.gateway.yaml.YamlMap;
import org.openlockbox.server.log.memory.SigningMemory;

/// Reads `server.signedHeads` where it names a memory that servers share, and no directory.
final class SharedMemoryReader {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern PREFIX = Pattern.compile("([a-zA-Z0-9_-]+/)*");

  private final Path base;

  SharedMemoryReader(Path base) {
    this.base = base;
  }

  SigningMemory.SharedPlace read(YamlMap memory) {
    var table = memory.optionalMap("postgres").map(this::table);
    var bucket = memory.optionalMap("s3").map(this::bucket);
    memory.done();
    if (table.isPresent() && bucket.isPresent()) {
      throw memory.problem("s3", "what was signed is remembered in one place: postgres or s3");
    }
    return table
        .<SigningMemory.SharedPlace>map(it -> it)
        .or(() -> bucket)
        .orElseThrow(
            () ->
                memory.problem("postgres", "name a directory, or a memory of postgres or s3 here"));
  }

  private SigningMemory.Table table(YamlMap table) {
    var read =
        new SigningMemory.Table(
            table.text("url"), table.text("user"), ConfigSecret.read(table, "password", base));
    table.done();
    if (!read.jdbcUrl().startsWith("jdbc:postgresql:")) {
      throw table.problem("url", "must be jdbc:postgresql://HOST:PORT/DATABASE");
    }
    return read;
  }

  private SigningMemory.ObjectBucket bucket(YamlMap bucket) {
    var read =
        new SigningMemory.ObjectBucket(
            ConfigReader.url(bucket, "url"),
            matching(bucket, "bucket", bucket.text("bucket"), BUCKET),
            matching(bucket, "prefix", bucket.optionalText("prefix").orElse(""), PREFIX),
            new SigningMemory.BucketAccess(
                bucket.text("region"),
                ConfigSecret.read(bucket, "accessKey", base),
                ConfigSecret.read(bucket, "secretKey", base)),
            ca(bucket));
    bucket.done();
    return read;
  }

  private static String matching(YamlMap map, String key, String value, Pattern shape) {
    if (!shape.matcher(value).matches()) {
      throw map.problem(key, "must match " + shape.pattern());
    }
    return value;
  }

  private Optional<Path> ca(YamlMap bucket) {
    var ca = bucket.optionalText("ca").map(base::resolve);
    if (ca.filter(file -> !Files.isReadable(file)).isPresent()) {
      throw bucket.problem("ca", "there is no such file");
    }
    return ca;
  }
}
