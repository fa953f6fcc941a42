package org.openlockbox.portal.report;

/// One figure of a report: what it is, how much, in which unit, and what it is a part of.
public record ReportTile(String name, String value, String unit, String note) {}
