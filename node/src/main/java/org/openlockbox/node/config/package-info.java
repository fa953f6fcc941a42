/// `lockbox.yaml`: what a node is told, read strictly, every mistake named with its line.
@NullMarked
package org.openlockbox.node.config;

import org.jspecify.annotations.NullMarked;
