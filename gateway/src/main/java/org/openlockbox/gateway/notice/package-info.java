/// Why a session ends, and what its client is told.
@NullMarked
package org.openlockbox.gateway.notice;

import org.jspecify.annotations.NullMarked;
