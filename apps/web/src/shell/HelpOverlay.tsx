import { Kbd, Modal } from '@mantine/core';
import { KEY_HELP } from '../logic/keys.ts';

export function HelpOverlay(props: { readonly opened: boolean; readonly onClose: () => void }) {
  const { opened, onClose } = props;
  return (
    <Modal.Root opened={opened} onClose={onClose} size="lg" centered>
      <Modal.Overlay />
      <Modal.Content>
        <div className="mw-dialog-head">
          <Modal.Title>
            <span className="mw-drawer-title">Keys</span>
          </Modal.Title>
          <Modal.CloseButton aria-label="Close help" />
        </div>
        <Modal.Body>
          <div className="mw-help">
            {KEY_HELP.map((group) => (
              <section key={group.title}>
                <h3>{group.title}</h3>
                <dl>
                  {group.keys.map(({ keys, text }) => (
                    <div key={text}>
                      <dt>
                        {keys.map((key, index) => (
                          // biome-ignore lint/suspicious/noArrayIndexKey: `g g` is the same key twice
                          <Kbd key={index}>{key}</Kbd>
                        ))}
                      </dt>
                      <dd>{text}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
            <p className="mw-dim">
              Search takes words and <code>health:failing</code>, <code>ns:default</code>, <code>kind:gateway</code>.
              All of them must hold.
            </p>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
