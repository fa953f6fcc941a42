/// How much grants and sessions may use: rows, bytes, memory, and records that are not stored yet.
@NullMarked
package org.openlockbox.gateway.budget;

import org.jspecify.annotations.NullMarked;
