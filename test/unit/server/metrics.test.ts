import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/server/metrics.ts';
import { createMetricsServer } from '../../../src/server/metrics-server.ts';

const BUILD = { version: '1.2.3', gitCommit: 'abc' };

describe('the metrics', () => {
  it('count admissions by endpoint, outcome and reason', async () => {
    const metrics = createMetrics(BUILD, { processMetrics: false });
    metrics.countAdmission('mutate', 'allowed', 'label_absent', 0.0004);
    metrics.countAdmission('mutate', 'allowed', 'label_absent', 0.2);
    const text = await metrics.registry.metrics();
    expect(text).toContain(
      'media_stack_admission_requests_total{endpoint="mutate",outcome="allowed",reason="label_absent"} 2',
    );
    expect(text).toContain('media_stack_admission_duration_seconds_bucket{le="0.0005",endpoint="mutate"} 1');
    expect(text).toContain('media_stack_admission_duration_seconds_count{endpoint="mutate"} 2');
  });

  it('tell the end of the certificate, the reloads and the build', async () => {
    const metrics = createMetrics(BUILD, { processMetrics: false });
    metrics.setCertificateExpiry(new Date('2027-01-01T00:00:00Z'));
    metrics.countReload('settings', 'success');
    metrics.countReload('certificate', 'failure');
    const text = await metrics.registry.metrics();
    expect(text).toContain('media_stack_certificate_expiry_timestamp_seconds 1798761600');
    expect(text).toContain('media_stack_reloads_total{what="settings",result="success"} 1');
    expect(text).toContain('media_stack_reloads_total{what="certificate",result="failure"} 1');
    expect(text).toContain('media_stack_last_reload_successful{what="settings"} 1');
    expect(text).toContain('media_stack_last_reload_successful{what="certificate"} 0');
    expect(text).toContain(
      `media_stack_build_info{version="1.2.3",git_commit="abc",node_version="${process.version}"} 1`,
    );
  });

  it('do not tell an end of the certificate before there is one: 0 would be an alarm', async () => {
    const metrics = createMetrics(BUILD, { processMetrics: false });
    expect(await metrics.registry.metrics()).not.toContain('certificate_expiry');
  });

  it('of two servers in one process do not mix', async () => {
    const one = createMetrics(BUILD, { processMetrics: false });
    const other = createMetrics(BUILD, { processMetrics: false });
    one.countAdmission('mutate', 'allowed', '', 0.001);
    expect(await other.registry.metrics()).not.toContain('outcome="allowed"');
  });

  it('include those of the process where wanted', async () => {
    const metrics = createMetrics(BUILD, { processMetrics: true });
    expect(await metrics.registry.metrics()).toContain('process_cpu_seconds_total');
    metrics.registry.clear();
  });
});

describe('the metrics port', () => {
  const servers: ReturnType<typeof createMetricsServer>[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  async function start(
    registry: Parameters<typeof createMetricsServer>[0],
    errors: unknown[] = [],
  ): Promise<string> {
    const server = createMetricsServer(registry, (error) => errors.push(error));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('answers GET /metrics in the text format of Prometheus', async () => {
    const { registry } = createMetrics(BUILD, { processMetrics: false });
    const response = await fetch(`${await start(registry)}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    expect(await response.text()).toContain('media_stack_build_info');
  });

  it.each([
    ['GET', '/', 404, 'there is no /'],
    ['GET', '/mutate', 404, 'there is no /mutate'],
    ['POST', '/metrics', 405, 'there is no POST /metrics'],
  ])('answers %s %s with %d and what it does answer', async (method, path, status, error) => {
    const { registry } = createMetrics(BUILD, { processMetrics: false });
    const response = await fetch((await start(registry)) + path, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error, hint: 'this port answers GET /metrics' });
  });

  it('says that it failed when a metric cannot be collected', async () => {
    const errors: unknown[] = [];
    const broken = {
      contentType: 'text/plain; version=0.0.4; charset=utf-8' as const,
      metrics: () => Promise.reject(new Error('no /proc')),
    };
    const response = await fetch(`${await start(broken, errors)}/metrics`);
    expect(response.status).toBe(500);
    expect(errors).toMatchObject([{ type: 'Error', message: 'no /proc' }]);
  });
});
