/// The reports: what was asked, decided and open, month by month.
@NullMarked
package org.openlockbox.portal.report;

import org.jspecify.annotations.NullMarked;
