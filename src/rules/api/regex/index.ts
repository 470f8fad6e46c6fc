/** The face of this folder: regular expressions in Rust's syntax, in linear time. */

export { Regex } from "./regex.ts";
export { RegexError } from "./tree.ts";
