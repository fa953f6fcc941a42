package org.openlockbox.server.log.memory;

import com.github.davidmoten.aws.lw.client.Client;
import com.github.davidmoten.aws.lw.client.Credentials;
import com.github.davidmoten.aws.lw.client.HttpMethod;
import com.github.davidmoten.aws.lw.client.Request;
import com.github.davidmoten.aws.lw.client.Response;
import com.github.davidmoten.aws.lw.client.ResponseInputStream;
import com.github.davidmoten.aws.lw.client.xml.XmlElement;
import com.github.davidmoten.aws.lw.client.xml.XmlParseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;
import org.openlockbox.server.http.HttpCaller;
import org.openlockbox.server.log.head.SignedHeads.HeadsNotWritable;
import org.openlockbox.server.log.memory.SigningMemory.BucketAccess;
import org.openlockbox.server.log.memory.SigningMemory.ObjectBucket;
import org.openlockbox.server.tls.Trust;

/// Text objects of one bucket, by the S3 protocol. Each call is made once; one that fails, or whose
/// answer is lost, throws [HeadsNotWritable]. Each call is signed with a time, and a store carries
/// none out that arrives more than a quarter of an hour after it.
final class BucketObjects implements AutoCloseable {
  private static final int LONGEST = 64 << 20;
  private static final int NOT_FOUND = 404;
  private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z]{1,64})</Code>");

  /// Conflict: somebody else writes it at this moment; precondition failed: it is there.
  private static final Set<Integer> IS_THERE = Set.of(409, 412);

  /// What the HTTP client writes by itself.
  private static final Set<String> OF_THE_CONNECTION = Set.of("content-length", "host");

  private final ObjectBucket place;
  private final HttpCaller http;
  private final InstantSource clock;

  /// @param patience how long an answer may take
  BucketObjects(ObjectBucket place, InstantSource clock, Duration patience) {
    this.place = place;
    this.clock = clock;
    this.http = HttpCaller.toNamed(Trust.of(place.ca()), patience, LONGEST);
  }

  /// Makes calls that are signed with this time.
  private Client client(Instant signed) {
    return Client.s3()
        .region(place.access().region())
        .credentials(new NamedCredentials(place.access()))
        .httpClient((url, method, headers, body, _, _) -> send(url, method, headers, body))
        .clock(signed::toEpochMilli)
        .retryMaxAttempts(1)
        .build();
  }

  /// Read for each call, so that keys can be replaced while a server runs.
  private record NamedCredentials(BucketAccess access) implements Credentials {
    @Override
    public String accessKey() {
      return access.accessKey().get();
    }

    @Override
    public String secretKey() {
      return access.secretKey().get();
    }

    @Override
    public Optional<String> sessionToken() {
      return Optional.empty();
    }

    @Override
    public String toString() {
      return access.toString();
    }
  }

  /// @param key without the prefix of the memory
  record StoredObject(String key, Instant written) {}

  Optional<String> read(String key) {
    var answer = call(object(key, clock.instant()));
    return answer.statusCode() == NOT_FOUND
        ? Optional.empty()
        : Optional.of(text(required(answer)));
  }

  /// Writes an object, unless one of this key is there.
  ///
  /// @param decided when the caller knew that it is to be written; the store carries it out within
  ///   a quarter of an hour of that moment or not at all, however long this process stands still
  /// @return whether it was written
  boolean create(String key, String content, Instant decided) {
    var answer =
        call(
            object(key, decided)
                .method(HttpMethod.PUT)
                .header("If-None-Match", "*")
                .requestBody(content));
    if (IS_THERE.contains(answer.statusCode())) {
      return false;
    }
    required(answer);
    return true;
  }

  void delete(String key) {
    required(call(object(key, clock.instant()).method(HttpMethod.DELETE)));
  }

  /// The first thousand objects whose keys begin so, in the order of their keys.
  List<StoredObject> list(String prefix) {
    var all = client(clock.instant()).url(bucket()).query("list-type", "2");
    var answer = required(call(all.query("prefix", place.prefix() + prefix)));
    try {
      return XmlElement.parse(text(answer)).childrenWithName("Contents").stream()
          .map(this::stored)
          .toList();
    } catch (XmlParseException | DateTimeParseException e) {
      throw new HeadsNotWritable(place.toString(), e);
    }
  }

  private StoredObject stored(XmlElement contents) {
    return new StoredObject(
        contents.content("Key").substring(place.prefix().length()),
        Instant.parse(contents.content("LastModified")));
  }

  private String bucket() {
    return place.endpoint() + "/" + place.name();
  }

  private Request object(String key, Instant signed) {
    return client(signed).url(bucket() + "/" + place.prefix() + key);
  }

  private static String text(Response answer) {
    return new String(answer.content(), StandardCharsets.UTF_8);
  }

  private Response required(Response answer) {
    if (!answer.isOk()) {
      throw new HeadsNotWritable(
          place.toString(),
          new IOException("the store answers %d%s".formatted(answer.statusCode(), code(answer))));
    }
    return answer;
  }

  /// The name that S3 gives to a fault, as `RequestTimeTooSkewed`. All else that the store says may
  /// repeat what it was asked.
  private static String code(Response answer) {
    var code = CODE.matcher(text(answer));
    return code.find() ? " " + code.group(1) : "";
  }

  /// The library wraps what the network says.
  private Response call(Request request) {
    try {
      return request.response();
    } catch (RuntimeException e) {
      Throwable first = e;
      while (first.getCause() != null && !(first instanceof IOException)) {
        first = first.getCause();
      }
      throw new HeadsNotWritable(place.toString(), first);
    }
  }

  private ResponseInputStream send(
      URL url, String method, Map<String, String> headers, byte @Nullable [] body)
      throws IOException {
    var call = new HttpUriRequestBase(method, URI.create(url.toString()));
    headers.forEach(
        (name, value) -> {
          if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
            call.setHeader(name, value);
          }
        });
    if (body != null) {
      call.setEntity(new ByteArrayEntity(body, null));
    }
    var answer = http.send(call);
    var content = answer.body().getBytes(StandardCharsets.UTF_8);
    return new ResponseInputStream(
        () -> {},
        answer.status(),
        Map.of("Content-Length", List.of("" + content.length)),
        new ByteArrayInputStream(content));
  }

  @Override
  public void close() {
    http.close();
  }
}
