// Run in a page by page_layout.py: what is too wide, cut or too small to tap.
() => {
    const root = document.documentElement;
    const faults = [];
    const words = (one) => `<${one.tagName.toLowerCase()} class="${one.getAttribute("class") ?? ""}">`
        + ` ${(one.getAttribute("aria-label") ?? one.textContent).replace(/\s+/g, " ").trim().slice(0, 40)}`;
    // The map is a window on a larger drawing; words for a screen reader have no place on the screen.
    const elsewhere = ".leaflet-map-pane, .skip:not(:focus), .patterns, noscript";
    const isForEars = (one) => one !== null
        && (getComputedStyle(one).clipPath === "inset(50%)" || isForEars(one.parentElement));
    const isSeen = (one) => !one.closest(elsewhere) && !isForEars(one)
        && one.checkVisibility({ visibilityProperty: true, opacityProperty: true });

    if (root.scrollWidth > root.clientWidth) {
        faults.push(`the page is ${root.scrollWidth} px wide in ${root.clientWidth}`);
    }

    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const parent = node.parentElement;
        if (!node.data.trim() || parent.closest("script, style, template, select")) continue;
        if (!isSeen(parent)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
        if (boxes.length && isCut(parent, boxes)) faults.push(`cut: ${words(parent)}`);
    }

    function isCut(parent, boxes) {
        const SLACK = 3; // the letters are smaller than their box
        let [checksX, checksY] = [true, true];
        for (let one = parent; one && one !== document.body; one = one.parentElement) {
            const style = getComputedStyle(one);
            const edge = one.getBoundingClientRect();
            if (["auto", "scroll"].includes(style.overflowX)) checksX = false;
            if (["auto", "scroll"].includes(style.overflowY)) checksY = false;
            const [clipsX, clipsY] = [style.overflowX, style.overflowY].map((way) => /hidden|clip/.test(way));
            if (style.textOverflow === "ellipsis" && one.scrollWidth > one.clientWidth) return true;
            if (boxes.some((box) => (checksX && clipsX && (box.left < edge.left - SLACK || box.right > edge.right + SLACK))
                || (checksY && clipsY && (box.top < edge.top - SLACK || box.bottom > edge.bottom + SLACK)))) return true;
        }
        return checksX && boxes.some((box) => box.left < -SLACK || box.right > root.clientWidth + SLACK);
    }

    const targets = "a[href], button, input:not([type=hidden]), select, summary, [role=slider], [tabindex='0']";
    const main = ".button, .choices button, .find input, .box select, .top .languages a, .card details > summary";
    for (const target of document.querySelectorAll(targets)) {
        if (!isSeen(target) || isInSentence(target)) continue;
        const area = target.matches("[type=checkbox], [type=radio]") ? target.closest("label") ?? target : target;
        const { width, height } = area.getBoundingClientRect();
        const least = target.matches(main) ? 44 : 24;
        if (Math.min(width, height) < least - 0.5) {
            faults.push(`${Math.round(width)} x ${Math.round(height)} px of ${least}: ${words(target)}`);
        }
    }

    // A link in a sentence is as high as its line (WCAG 2.5.8).
    function isInSentence(target) {
        if (target.tagName !== "A" || getComputedStyle(target).display !== "inline") return false;
        const around = target.parentElement.textContent.replace(target.textContent, "");
        return around.replace(/\W+/g, " ").trim().length > 2;
    }
    return [...new Set(faults)];
}
