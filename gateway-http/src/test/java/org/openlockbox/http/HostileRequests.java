package org.openlockbox.http;

import java.util.List;
import java.util.stream.Stream;

/// Requests that two programs could read in two ways, byte by byte (docs/http-attack-cases.md).
/// Each could smuggle a second one, or name another place than the one that is checked.
final class HostileRequests {
  private static final String HOST = "Host: 127.0.0.1\r\n";

  private static final List<String> LENGTHS =
      List.of(
          // HT-01, HT-02: two lengths, and codings that are not exactly "chunked"
          "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
          "Transfer-Encoding: chunked, identity\r\n",
          "Transfer-Encoding: xchunked\r\n",
          "Transfer-Encoding: gzip, chunked\r\n",
          "Transfer-Encoding : chunked\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding:\r\n chunked\r\n",
          "Transfer-Encoding: \u000bchunked\r\n",
          "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: \"chunked\"\r\n",
          "Transfer-Encoding: chunked;a=b\r\n",
          "Transfer-Encoding: \"gzip\", chunked\r\n",
          "Transfer-Encoding: \r\nContent-Length: 4\r\n",
          "Transfer-Encoding: , chunked\r\n",
          "Transfer-Encoding: chunked,\r\n",
          "Transfer-Encoding: \u00a0chunked\r\n",
          "Transfer_Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
          // HT-06: lengths
          "Content-Length: 4\r\nContent-Length: 5\r\n",
          "Content-Length: +4\r\n",
          "Content-Length: -1\r\n",
          "Content-Length: 0x4\r\n",
          "Content-Length: 4,4\r\n",
          "Content-Length: 4 4\r\n",
          "Content-Length: 99999999999999999999\r\n",
          // HT-07: folded lines, space before the colon, control characters, bare line feeds
          "Content-Length: 4\r\nX-A: a\r\n b\r\n",
          "Content-Length : 4\r\n",
          "Content-Length: 4\r\nX-A: a\u0000b\r\n",
          "Content-Length: 4\nX-A: a\r\n",
          "Content-Length: 4\r\nX A: a\r\n",
          "Content-Length: 4\r\nX-A: a\rX-B: b\r\n",
          // HT-09, HT-10
          "Content-Length: 4\r\nHost: elsewhere\r\n",
          "Content-Length: 4\r\nExpect: 200-ok\r\n");

  /// HT-03, HT-04: chunks whose length is not what it seems, or whose end is not where it seems.
  private static final List<String> CHUNKS =
      List.of(
          "100000004\r\n{} \n\r\n0\r\n\r\n",
          "ffffffffffffffff\r\n{} \n\r\n0\r\n\r\n",
          "-4\r\n{} \n\r\n0\r\n\r\n",
          "+4\r\n{} \n\r\n0\r\n\r\n",
          "0x4\r\n{} \n\r\n0\r\n\r\n",
          " 4\r\n{} \n\r\n0\r\n\r\n",
          "4 4\r\n{} \n\r\n0\r\n\r\n",
          "\r\n{} \n\r\n0\r\n\r\n",
          "4;a\n\r\n{} \n\r\n0\r\n\r\n",
          "4;a=\"\n\"\r\n{} \n\r\n0\r\n\r\n",
          "4;a=\"\r\n\"\r\n{} \n\r\n0\r\n\r\n",
          "4\n{} \n\r\n0\r\n\r\n",
          "4\r\n{} \nX0\r\n\r\n",
          "4\r\n{} \n\n0\r\n\r\n",
          "4\r\n{} \n\r\n0\r\nX A: b\r\n\r\n");

  /// HT-14, HT-15: other forms of a path that is listed, or of one that is not.
  private static final List<String> TARGETS =
      List.of(
          "/t/acme/../globex/tickets",
          "/t/globex/..%2facme/tickets",
          "/t/acme/%2e%2e/globex/tickets",
          "/t/globex/%2e%2e/acme/tickets",
          "/t/acme//tickets",
          "//t/acme/tickets",
          "/t/acme/./tickets",
          "/t/acme/tickets;a=b",
          "/t/acme;/tickets",
          "/t/acme/tickets/..;/..;/globex",
          "/t/acme/tickets/7%2f..%2f8",
          "/t/acme/tickets/7%5c8",
          "/t/acme\\tickets",
          "/t/acme/tickets/%00",
          "/t/acme/tickets/%252e%252e",
          "/t/acme/tickets/50%25",
          "/t/acme/tickets/%c0%ae%c0%ae",
          "/t/acme/tickets/%ef%bc%8f",
          "/t/acme/tickets/%u002e",
          "/t/acme/tickets/%ff",
          "/t/acme/tickets/%7",
          "/t/acme/%74ickets",
          "/t/Acme/tickets",
          "/T/acme/tickets",
          "/t/acme/tickets/",
          "/t/acme/tickets.",
          "/t/acme/tickets?",
          "/t/acme/tickets?page",
          "/t/acme/tickets?page=1&page=2",
          "/t/acme/tickets?page=1&",
          "/t/acme/tickets?p%61ge=1",
          "/t/acme/tickets?page=%0d%0aX-A:%20b",
          // HT-16: the tenant a second time
          "/t/acme/tickets?tenant=globex",
          "/t/acme/tickets?page=1&tenant=acme&tenant=globex",
          "/t/acme/tickets#a",
          "http://elsewhere/t/acme/tickets",
          "*",
          "t/acme/tickets");

  private static final List<String> METHODS =
      List.of("TRACE", "CONNECT", "PROPFIND", "get", "GET\t", "PRI", "OPTIONS", "DELETE", "G3T");

  /// HT-05: versions that know no chunks, and none at all.
  private static final List<String> VERSIONS =
      List.of("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.2", "HTTP/1.1 ", "");

  private HostileRequests() {}

  /// All of them, for one who is let in by this header.
  static Stream<String> all(String authorization) {
    String behind = "GET /t/acme/tickets/smuggled HTTP/1.1\r\n" + HOST + authorization + "\r\n";
    String change =
        "PATCH /t/acme/tickets/7 HTTP/1.1\r\n"
            + HOST
            + authorization
            + "Content-Type: application/json\r\n";
    return Stream.of(
            LENGTHS.stream().map(each -> change + each + "\r\n4\r\n{} \n\r\n0\r\n\r\n" + behind),
            CHUNKS.stream()
                .map(each -> change + "Transfer-Encoding: chunked\r\n\r\n" + each + behind),
            TARGETS.stream().map(each -> line("GET", each, "HTTP/1.1", authorization)),
            METHODS.stream().map(each -> line(each, "/t/acme/tickets", "HTTP/1.1", authorization)),
            VERSIONS.stream().map(each -> line("GET", "/t/acme/tickets", each, authorization)),
            Stream.of(
                change.replace("HTTP/1.1", "HTTP/1.0")
                    + "Transfer-Encoding: chunked\r\n\r\n4\r\n{} \n\r\n0\r\n\r\n",
                line("GET", "/t/acme/tickets", "HTTP/1.1", authorization + "Content-Length: 4\r\n")
                    + "{} \n"))
        .flatMap(each -> each);
  }

  private static String line(String method, String target, String version, String headers) {
    return method + " " + target + " " + version + "\r\n" + HOST + headers + "\r\n";
  }
}
