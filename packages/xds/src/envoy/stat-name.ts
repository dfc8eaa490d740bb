/**
 * A cluster's name in statistics. Names hold dots, and so do metrics (`cluster.<name>.ssl.handshake`): the delimiter,
 * the one Istio uses, says where the name ends. `bootstrap` takes it off again when it makes a label of the name.
 */
export function statName(cluster: string): string {
  return `${cluster};`;
}
