/** Floats: rounding, trigonometry, exponentials. All follow IEEE 754: what has no value is NaN. */

import { native } from "../native.ts";
import { Float } from "../value.ts";

type Formula = (x: number) => number;

function formula(name: string, doc: string, f: Formula) {
  return native(name, "x: f64 -> f64", doc, (_, x: Float) => new Float(f(x.value)));
}

function question(name: string, doc: string, f: (x: number) => boolean) {
  return native(name, "x: f64 -> bool", doc, (_, x: Float) => f(x.value));
}

export const floatFunctions = [
  native("PI", "-> f64", "The ratio of a circle's circumference to its diameter.", () => new Float(Math.PI)),
  native("E", "-> f64", "The base of natural logarithms.", () => new Float(Math.E)),
  formula("sin", "The sine of an angle in radians.", Math.sin),
  formula("cos", "The cosine of an angle in radians.", Math.cos),
  formula("tan", "The tangent of an angle in radians.", Math.tan),
  formula("sinh", "The hyperbolic sine.", Math.sinh),
  formula("cosh", "The hyperbolic cosine.", Math.cosh),
  formula("tanh", "The hyperbolic tangent.", Math.tanh),
  formula("asin", "The angle in radians of a sine.", Math.asin),
  formula("acos", "The angle in radians of a cosine.", Math.acos),
  formula("atan", "The angle in radians of a tangent.", Math.atan),
  native(
    "atan",
    "x: f64, y: f64 -> f64",
    "The angle in radians of the tangent x / y, in the right quadrant.",
    (_, x: Float, y: Float) => new Float(Math.atan2(x.value, y.value)),
  ),
  formula("asinh", "The inverse of the hyperbolic sine.", Math.asinh),
  formula("acosh", "The inverse of the hyperbolic cosine.", Math.acosh),
  formula("atanh", "The inverse of the hyperbolic tangent.", Math.atanh),
  native(
    "hypot",
    "x: f64, y: f64 -> f64",
    "The length of the hypotenuse over two sides.",
    (_, x: Float, y: Float) => new Float(Math.hypot(x.value, y.value)),
  ),
  formula("to_radians", "Degrees in radians.", (x) => x * (Math.PI / 180)),
  formula("to_degrees", "Radians in degrees.", (x) => x * (180 / Math.PI)),
  formula("sqrt", "The square root.", Math.sqrt),
  formula("exp", "e to the power of x.", Math.exp),
  formula("ln", "The natural logarithm.", Math.log),
  formula("log", "The logarithm to the base 10.", Math.log10),
  native("log", "x: f64, base: f64 -> f64", "The logarithm to a base.", (_, x: Float, base: Float) => {
    return new Float(Math.log(x.value) / Math.log(base.value));
  }),
  formula("floor", "The next integer below, as a float.", Math.floor),
  formula("ceiling", "The next integer above, as a float.", Math.ceil),
  formula("round", "The nearest integer, as a float; halves go away from zero.", (x) =>
    Math.trunc(x + Math.sign(x) * halfBelow(x)),
  ),
  formula("int", "Without its fraction, as a float.", Math.trunc),
  formula("fraction", "What is behind the point.", (x) => x - Math.trunc(x)),
  question("is_nan", "Whether it is no number.", Number.isNaN),
  question("is_finite", "Whether it is a number and not infinite.", Number.isFinite),
  question("is_infinite", "Whether it is infinite.", (x) => !Number.isFinite(x) && !Number.isNaN(x)),
];

/** A half, but for a number just below a half, which would be rounded up by the addition itself. */
function halfBelow(x: number): number {
  return Math.abs(x - Math.trunc(x)) < 0.5 ? 0 : 0.5;
}
