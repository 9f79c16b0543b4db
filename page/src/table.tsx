// A table that scrolls inside its own region where it is wider than the page.
interface Props {
    label: string;
    heads: string[];
    children: preact.ComponentChildren;
}

export function Table({ label, heads, children }: Props) {
    return (
        <div class="scroll" tabIndex={0} role="region" aria-label={label}>
            <table>
                <thead>
                    <tr>
                        {heads.map((head) => (
                            <th scope="col" key={head}>
                                {head}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>{children}</tbody>
            </table>
        </div>
    );
}
