package org.openlockbox.postgres.wire;

/// A ParameterStatus message: the database reports the value of a setting.
public record ParameterChange(String name, String value) {
  public static ParameterChange parse(byte[] body) {
    Slice slice = new Slice(body, 0, body.length);
    var change = new ParameterChange(slice.text(), slice.text());
    slice.done();
    return change;
  }
}
