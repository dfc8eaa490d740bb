import { describe, expect, it } from 'vitest';
import { declaredProtocol } from './protocol.ts';

describe('protocol selection', () => {
  it.each([
    ['http', 'http'],
    ['http-web', 'http'],
    ['HTTP-web', 'http'],
    ['http2', 'http2'],
    ['http2-api', 'http2'],
    ['grpc', 'grpc'],
    ['grpc-api', 'grpc'],
    ['grpc-web', 'grpc'],
    ['grpc-web-ui', 'grpc'],
    ['tcp-db', 'tcp'],
    ['tls', 'tls'],
    ['https-ui', 'tls'],
    ['mongo', 'tcp'],
    ['mysql', 'tcp'],
    ['redis-cache', 'tcp'],
  ])('takes a port named %s for %s', (name, expected) => {
    expect(declaredProtocol(name, undefined, 8080)).toBe(expected);
  });

  it.each(['', 'web', 'httpx', 'serflan-tcp', 'constructor'])('finds no protocol in the name "%s"', (name) => {
    expect(declaredProtocol(name, undefined, 8080)).toBeUndefined();
  });

  it.each([
    ['kubernetes.io/h2c', 'http2'],
    ['kubernetes.io/ws', 'http'],
    ['kubernetes.io/wss', 'tls'],
    ['http', 'http'],
    ['mysql', 'tcp'],
  ])('prefers appProtocol %s to the name', (appProtocol, expected) => {
    expect(declaredProtocol('grpc-api', appProtocol, 8080)).toBe(expected);
  });

  it('does not fall back to the name when appProtocol is unknown', () => {
    expect(declaredProtocol('http', 'example.com/own', 8080)).toBeUndefined();
  });

  it.each([25, 53, 3306, 27017])('takes port %d without declaration for TCP, since its server speaks first', (port) => {
    expect(declaredProtocol('', undefined, port)).toBe('tcp');
  });
});
