// Label selectors (meta/v1 LabelSelector), as the API server reads them.
import { isJsonObject } from './json.ts';
import { textAt } from './text-at.ts';

/** Whether a selector takes these labels; an absent one takes all (k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go). */
export function matchesSelector(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  if (!isJsonObject(selector)) return true;
  const wanted = isJsonObject(selector['matchLabels']) ? selector['matchLabels'] : {};
  if (!Object.entries(wanted).every(([key, value]) => labels[key] === value)) return false;
  const expressions = Array.isArray(selector['matchExpressions'])
    ? (selector['matchExpressions'] as unknown[])
    : [];
  return expressions.filter(isJsonObject).every((expression) => {
    const { values } = expression;
    const value = labels[textAt(expression, ['key'])];
    const listed = Array.isArray(values) && (values as unknown[]).includes(value);
    switch (textAt(expression, ['operator'])) {
      case 'In':
        return value !== undefined && listed;
      case 'NotIn':
        return value === undefined || !listed;
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return true;
    }
  });
}
