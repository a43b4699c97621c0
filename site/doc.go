// Package site answers whether a project can stand on a piece of land, and how far
// it is from being able to (以地等项目): admitted uses and industries, way of
// building, area, plot ratio, power, protective distance from homes, deadline.
//
// A piece of [Land] is a block, a cluster or a single parcel. [Check] applies every
// rule and returns one finding each, with the margin in the rule's own unit: how
// much more the land has than the project needs, negative when it falls short.
// What is not known is undecided, never guessed, and does not rule a site out.
//
// Which project then goes where, all together and over years, is decided by package
// renewal; internal/workspace hands the fits over. Rules and units:
// docs/method/site.md.
package site
