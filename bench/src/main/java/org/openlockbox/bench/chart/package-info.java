/// Charts of what was measured, as SVGs that documents show: readable on light and on dark.
@NullMarked
package org.openlockbox.bench.chart;

import org.jspecify.annotations.NullMarked;
