package org.openlockbox.http.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/// JSON read strictly (RFC 8259), and written in one form: UTF-8, no member twice, bounded depth
/// and sizes. What another program could read differently is refused.
final class JsonText {
  private static final int LONGEST_STRING = 1 << 20;
  private static final long LONGEST_DOCUMENT = 64L << 20;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonPath.DEEPEST)
                  .maxStringLength(LONGEST_STRING)
                  .maxDocumentLength(LONGEST_DOCUMENT)
                  .build())
          .build();

  private JsonText() {}

  /// What is done with a document.
  interface DocumentWork {
    /// The parser stands at its first token.
    void with(JsonParser parser) throws IOException;
  }

  /// UTF-8 and nothing else.
  static BufferedReader reader(InputStream bytes) {
    return new BufferedReader(
        new InputStreamReader(
            bytes,
            UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)));
  }

  /// Reads exactly one document.
  ///
  /// @throws UnfitAnswer if it is none, or more follows
  static void read(Reader text, DocumentWork work) throws IOException {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        throw new UnfitAnswer("it is empty");
      }
      work.with(parser);
      if (parser.nextToken() != null) {
        throw new UnfitAnswer("more than one document");
      }
    } catch (JacksonIOException e) {
      throw unwrapped(e);
    } catch (CharacterCodingException e) {
      throw new UnfitAnswer("it is not UTF-8");
    } catch (JacksonException e) {
      throw new UnfitAnswer("it is no JSON"); // its message could quote the document
    }
  }

  private static IOException unwrapped(JacksonIOException e) {
    return switch (e.getCause()) {
      case null -> new IOException("reading or writing failed", e);
      case CharacterCodingException _ -> new UnfitAnswer("it is not UTF-8");
      case IOException cause -> cause;
    };
  }

  /// Nothing of a document comes after this.
  static void end(JsonGenerator json) throws IOException {
    try {
      json.close();
    } catch (JacksonIOException e) {
      throw unwrapped(e);
    }
  }

  static JsonGenerator writer(OutputStream to) {
    return JSON.createGenerator(ObjectWriteContext.empty(), to);
  }
}
